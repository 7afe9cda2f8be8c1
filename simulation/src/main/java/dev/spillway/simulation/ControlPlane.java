package dev.spillway.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.store.Watch;
import dev.spillway.embedded.store.WatchEvent;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * As much of Kubernetes' own controllers as the workload needs: replicas are made and removed, lowest deletion cost first; a
 * node that is ready loses the taint it was born with, and one that gives no sign of life its pods, where that is judged; a real node's kubelet
 * lets go of deleted pods.
 */
final class ControlPlane {
    /** A real node, which no policy names. */
    static final String REAL_NODE = "worker-1";

    private static final long EVERY_MILLIS = 1_000;
    private static final Comparator<Pod> VICTIMS_FIRST = Comparator.comparing((Pod pod) -> pod.node() != null)
            .thenComparing(Pod::ready)
            .thenComparingInt(pod -> Integer.parseInt(pod.annotations().getOr(Names.DELETION_COST, "0")))
            .thenComparing(Pod::uid);

    /** One replicated application. */
    static final class ReplicaSet {
        final String namespace;
        final String app;
        final Map<String, String> labels;
        final Map<String, String> annotations = new TreeMap<>();
        boolean ownsItsPods;

        @Nullable
        Long toleratesSeconds; // a node that is taken for dead; as Manifests#tolerate, null where a pod says nothing

        int replicas;

        private int made;

        ReplicaSet(String namespace, String app, Map<String, String> labels) {
            this.namespace = namespace;
            this.app = app;
            this.labels = new TreeMap<>(labels);
            this.labels.put("app", app);
        }
    }

    private final World world;
    private final Watch nodes;
    private final Map<String, ObjectNode> changedNodes = new TreeMap<>();
    private final List<ReplicaSet> sets = new ArrayList<>();

    ControlPlane(World world) {
        this.world = world;
        this.nodes = world.cluster.watch(Kind.NODES, world.cluster.version());
    }

    void start() {
        world.cluster.onChange(this::nodesChanged);
        world.cluster.call(Request.create(ResourceType.NODES, null, Manifests.node(REAL_NODE)));
        tick();
    }

    void add(ReplicaSet set) {
        sets.add(set);
    }

    List<ReplicaSet> sets() {
        return sets;
    }

    private void tick() {
        sets.forEach(this::reconcile);
        letGo();
        if (world.judgesNodes) {
            judgeNodes();
        } else {
            untaint();
        }
        world.timeline.after(EVERY_MILLIS, this::tick);
    }

    private void reconcile(ReplicaSet set) {
        var active = world.watchdog.pods().all().stream()
                .filter(pod -> pod.key().namespace().equals(set.namespace)
                        && pod.labels().has("app", set.app)
                        && !pod.deleting()
                        && !pod.phase().isTerminal())
                .sorted(VICTIMS_FIRST)
                .toList();
        for (int i = active.size(); i < set.replicas; i++) {
            var name = set.app + "-" + ++set.made;
            var pod = Manifests.pod(set.namespace, name, set.labels);
            Manifests.annotate(pod, set.annotations);
            if (set.toleratesSeconds != null) {
                Manifests.tolerate(pod, set.toleratesSeconds);
            }
            if (set.ownsItsPods) {
                Manifests.own(pod, "ReplicaSet", set.app);
            }
            create(pod);
        }
        for (int i = 0; i < active.size() - set.replicas; i++) {
            delete(active.get(i), false);
        }
    }

    void create(ObjectNode pod) {
        var namespace = pod.path("metadata").path("namespace").asText();
        world.cluster.call(Request.create(ResourceType.PODS, namespace, pod));
    }

    /** Deletes a pod, with its grace or at once. */
    void delete(Pod pod, boolean atOnce) {
        var options = Trees.object();
        options.putObject("preconditions").put("uid", pod.uid().value());
        if (atOnce) {
            options.put("gracePeriodSeconds", 0);
        }
        world.journal.note(pod.uid().value(), "a user deletes " + pod.key() + (atOnce ? " at once" : ""));
        world.cluster.call(Request.delete(target(pod), options));
    }

    /** Nobody needs anything any more. */
    void goHome() {
        sets.forEach(set -> set.replicas = 0);
        for (var pod : List.copyOf(world.watchdog.pods().all())) {
            if (!pod.deleting()) {
                delete(pod, false);
            }
        }
    }

    static Target target(Pod pod) {
        return Target.object(ResourceType.PODS, pod.key().namespace(), pod.key().name());
    }

    private void letGo() {
        for (var pod : List.copyOf(world.watchdog.pods().all())) {
            if (pod.deleting() && pod.node() != null && pod.node().value().equals(REAL_NODE)) {
                delete(pod, true);
            }
        }
    }

    private void judgeNodes() {
        int dead = deadNodes();
        int leaving = leavingPods();
        world.cluster.judgeNodes();
        world.chaos.happened(Fault.NODE_TAKEN_FOR_DEAD, deadNodes() - dead);
        world.chaos.happened(Fault.TAINT_EVICTION, leavingPods() - leaving);
    }

    private int deadNodes() {
        return world.cluster.count(ResourceType.NODES, ControlPlane::isTakenForDead);
    }

    private int leavingPods() {
        return world.cluster.count(
                ResourceType.PODS, pod -> pod.path("metadata").has("deletionTimestamp"));
    }

    /** Whether a virtual node is tainted so that pods are evicted from it. */
    static boolean isTakenForDead(JsonNode node) {
        for (var taint : node.path("spec").path("taints")) {
            if (taint.path("key").asText().equals("node.kubernetes.io/unreachable")
                    && taint.path("effect").asText().equals("NoExecute")) {
                return !node.path("metadata").path("name").asText().equals(REAL_NODE);
            }
        }
        return false;
    }

    private void untaint() {
        List.copyOf(changedNodes.values()).forEach(this::untaint);
        changedNodes.clear();
    }

    private void nodesChanged() {
        for (var event : nodes.poll(world.timeline.now())) {
            if (event.type() != WatchEvent.Type.DELETED) {
                changedNodes.put(event.object().path("metadata").path("name").asText(), event.object());
            }
        }
    }

    private void untaint(ObjectNode node) {
        var taints = Trees.array();
        boolean tainted = false;
        for (var taint : node.path("spec").path("taints")) {
            boolean birth = taint.path("key").asText().equals("node.kubernetes.io/not-ready");
            tainted |= birth;
            if (!birth) {
                taints.add(taint);
            }
        }
        if (tainted) {
            var patch = Trees.object();
            patch.putObject("spec").set("taints", taints);
            var name = node.path("metadata").path("name").asText();
            world.cluster.call(
                    Request.patch(Target.object(ResourceType.NODES, null, name), Content.MERGE_PATCH, patch));
        }
    }
}
