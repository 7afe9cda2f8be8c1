package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges nodes by their heartbeats, and taints them by their conditions.
 *
 * <p>A node whose Ready condition and lease have not been renewed for 50 s (60 s where it never had a condition) becomes Unknown; the
 * age is measured from when this controller saw the renewal, not by the times written in it; its pods are then marked not
 * ready. A new node keeps the not-ready taint of its creation only while it says itself that it is not ready: one that says
 * nothing loses it at once.
 *
 * <p>Rules: kubernetes {@code pkg/controller/nodelifecycle}. Zones are not told apart, and evictions are not slowed down when
 * most nodes are lost.
 */
public final class NodeLifecycleController implements Controller {

    private static final Duration GRACE = Duration.ofSeconds(50);
    private static final Duration STARTUP_GRACE = Duration.ofSeconds(60);
    private static final String LEASES = "kube-node-lease";

    private static final List<String> JUDGED = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    /** Taint by condition and its status, both as one text. */
    private static final Map<String, String> TAINTS = new TreeMap<>(Map.of(
            "Ready=False", "node.kubernetes.io/not-ready",
            "Ready=Unknown", "node.kubernetes.io/unreachable",
            "MemoryPressure=True", "node.kubernetes.io/memory-pressure",
            "DiskPressure=True", "node.kubernetes.io/disk-pressure",
            "NetworkUnavailable=True", "node.kubernetes.io/network-unavailable",
            "PIDPressure=True", "node.kubernetes.io/pid-pressure"));

    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    /** Those that also drive pods away. */
    private static final Set<String> EVICTING =
            Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    /**
     * The last sign of life.
     *
     * @param beat what was renewed: heartbeat and lease time
     * @param seen when this controller saw it
     */
    private record Health(String beat, Instant seen) {}

    private final Api api;
    private final EventRecorder events;
    private final Map<String, Health> healthByUid = new HashMap<>();
    private final Map<String, String> namesByUid = new LinkedHashMap<>(); // of nodes registered

    /** One of a store, which tells nothing in events. */
    public NodeLifecycleController(ObjectStore store) {
        this(store, EventRecorder.NONE);
    }

    NodeLifecycleController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
    }

    @Override
    public void step(Instant now) {
        List<ObjectNode> nodes = api.list(ResourceType.NODES);
        register(nodes, now);
        healthByUid.keySet().retainAll(namesByUid.keySet());
        for (ObjectNode node : nodes) {
            ObjectNode judged = judge(node, now);
            taint(judged, now);
            if (Conditions.isTrue(node, "Ready") && !Conditions.isTrue(judged, "Ready")) {
                String name = Api.name(judged);
                String lost = "Node " + name + " status is now: NodeNotReady";
                events.normal(Involved.node(name, Api.uid(judged)), "NodeNotReady", lost, now);
                markPodsNotReady(name, now);
            }
        }
    }

    private void register(List<ObjectNode> nodes, Instant now) {
        Map<String, String> present = new LinkedHashMap<>();
        for (ObjectNode node : nodes) {
            String name = Api.name(node);
            present.put(Api.uid(node), name);
            if (namesByUid.putIfAbsent(Api.uid(node), name) == null) {
                String added = "Node %s event: Registered Node %s in Controller".formatted(name, name);
                events.normal(Involved.node(name, Api.uid(node)), "RegisteredNode", added, now);
            }
        }
        namesByUid.forEach((uid, name) -> {
            if (!present.containsKey(uid)) {
                String removed = "Node %s event: Removing Node %s from Controller".formatted(name, name);
                events.normal(Involved.node(name, uid), "RemovingNode", removed, now);
            }
        });
        namesByUid.keySet().retainAll(present.keySet());
    }

    /** The node, with conditions Unknown where it gave no sign of life for too long. */
    private ObjectNode judge(ObjectNode node, Instant now) {
        JsonNode ready = Api.condition(node, "Ready");
        String beat = beat(node, ready, now);
        Health known = healthByUid.get(Api.uid(node));
        if (known == null || !known.beat().equals(beat)) {
            Instant since = known == null && ready == null
                    ? Instant.parse(
                            node.path("metadata").path("creationTimestamp").asText())
                    : now;
            known = new Health(beat, since);
            healthByUid.put(Api.uid(node), known);
        }
        Duration grace = ready == null ? STARTUP_GRACE : GRACE;
        if (!now.isAfter(known.seen().plus(grace))) {
            return node;
        }
        ArrayNode conditions = unknown(node, now);
        ObjectNode patch = Trees.object();
        patch.putObject("status").set("conditions", conditions);
        api.mergeStatus(ResourceType.NODES, node, patch, now);
        ObjectNode judged = api.find(ResourceType.NODES, null, Api.name(node), now);
        return judged == null ? node : judged;
    }

    private String beat(ObjectNode node, @Nullable JsonNode ready, Instant now) {
        ObjectNode lease = api.find(ResourceType.LEASES, LEASES, Api.name(node), now);
        String renewed = lease == null ? null : Trees.text(lease, "spec", "renewTime");
        // The controller's own verdict does not touch the heartbeat, and so is no sign of life.
        String heartbeat = ready == null ? "never" : Trees.text(ready, "lastHeartbeatTime");
        return heartbeat + " " + renewed;
    }

    private static ArrayNode unknown(ObjectNode node, Instant now) {
        ArrayNode conditions = Trees.array();
        List<String> missing = new ArrayList<>(JUDGED);
        for (JsonNode condition : Trees.elements(node, "status", "conditions")) {
            String type = Trees.text(condition, "type");
            missing.remove(type);
            boolean judged = type != null && JUDGED.contains(type);
            if (judged
                    && !"Unknown".equals(Trees.text(condition, "status"))
                    && condition instanceof ObjectNode object) {
                conditions.add(Trees.thaw(object)
                        .put("status", "Unknown")
                        .put("reason", "NodeStatusUnknown")
                        .put("message", "Kubelet stopped posting node status.")
                        .put("lastTransitionTime", Metadata.time(now)));
            } else {
                conditions.add(condition);
            }
        }
        for (String type : missing) {
            conditions
                    .addObject()
                    .put("type", type)
                    .put("status", "Unknown")
                    .put(
                            "lastHeartbeatTime",
                            node.path("metadata").path("creationTimestamp").asText())
                    .put("lastTransitionTime", Metadata.time(now))
                    .put("reason", "NodeStatusNeverUpdated")
                    .put("message", "Kubelet never posted node status.");
        }
        return conditions;
    }

    private void taint(ObjectNode node, Instant now) {
        List<String> wanted = new ArrayList<>();
        for (JsonNode condition : Trees.elements(node, "status", "conditions")) {
            String taint = TAINTS.get(Trees.text(condition, "type") + "=" + Trees.text(condition, "status"));
            if (taint != null) {
                wanted.add(taint);
            }
        }
        ArrayNode taints = Trees.array();
        for (JsonNode taint : Trees.elements(node, "spec", "taints")) {
            String key = Trees.text(taint, "key");
            boolean ours = key != null && (TAINTS.containsValue(key) || key.equals(UNSCHEDULABLE));
            boolean evicting = "NoExecute".equals(Trees.text(taint, "effect"));
            if (!ours || (evicting && key != null && !EVICTING.contains(key))) {
                taints.add(taint);
            }
        }
        List<String> scheduling = new ArrayList<>(wanted);
        if (node.path("spec").path("unschedulable").asBoolean()) {
            scheduling.add(UNSCHEDULABLE);
        }
        scheduling.forEach(key -> addTaint(taints, node, key, "NoSchedule", now));
        wanted.stream().filter(EVICTING::contains).forEach(key -> addTaint(taints, node, key, "NoExecute", now));
        if (!sameTaints(taints, node)) {
            ObjectNode patch = Trees.object();
            patch.putObject("spec").set("taints", taints);
            api.merge(ResourceType.NODES, node, patch, now);
        }
    }

    /** A taint that is there already stays as it is, with the time since when. */
    private static void addTaint(ArrayNode taints, ObjectNode node, String key, String effect, Instant now) {
        for (JsonNode old : Trees.elements(node, "spec", "taints")) {
            if (key.equals(Trees.text(old, "key")) && effect.equals(Trees.text(old, "effect"))) {
                if (!contains(taints, old)) {
                    taints.add(old);
                }
                return;
            }
        }
        taints.addObject().put("key", key).put("effect", effect).put("timeAdded", Metadata.time(now));
    }

    private static boolean sameTaints(ArrayNode taints, ObjectNode node) {
        int count = 0;
        for (JsonNode old : Trees.elements(node, "spec", "taints")) {
            count++;
            if (!contains(taints, old)) {
                return false;
            }
        }
        return count == taints.size();
    }

    private static boolean contains(ArrayNode taints, JsonNode taint) {
        for (JsonNode element : taints) {
            if (element.equals(taint)) {
                return true;
            }
        }
        return false;
    }

    private void markPodsNotReady(String node, Instant now) {
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            JsonNode ready = Api.condition(pod, "Ready");
            boolean here = node.equals(Trees.text(pod, "spec", "nodeName"));
            if (here && ready instanceof ObjectNode object && "True".equals(Trees.text(object, "status"))) {
                ObjectNode notReady =
                        Trees.thaw(object).put("status", "False").put("lastTransitionTime", Metadata.time(now));
                ObjectNode patch = Trees.object();
                patch.putObject("status").set("conditions", Conditions.with(pod, notReady));
                api.mergeStatus(ResourceType.PODS, pod, patch, now);
                Involved about = Involved.object(ResourceType.PODS, pod);
                events.warning(about, "NodeNotReady", "Node is not ready", now);
            }
        }
    }
}
