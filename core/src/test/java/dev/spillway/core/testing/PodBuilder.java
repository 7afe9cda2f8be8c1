package dev.spillway.core.testing;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pods. Without further words: demo/pod-1, which names the scheduler, asks for a CPU, 1 GiB and a GPU, and waits. */
public final class PodBuilder extends Builder<PodBuilder, Pod> {
    /** The scheduler that the pods name. */
    public static final String SCHEDULER = "ack-co-scheduler";

    private String namespace = "demo";
    private String name = "pod-1";
    private String uid = "uid-1";
    private long createdSeconds = 1;
    private long scheduledSeconds = Long.MAX_VALUE;
    private Labels labels = Labels.empty();
    private Labels annotations = Labels.empty();
    private @Nullable NodeName node;
    private Pod.Phase phase = Pod.Phase.PENDING;
    private boolean deleting;
    private boolean gated;
    private @Nullable Owner owner;
    private boolean ready;
    private List<ReadinessGate> readinessGates = List.of();
    private long detail;

    private String scheduler = SCHEDULER;
    private ResourceList requests = ResourceList.of(new Resources(1000, 1 << 30, 1));
    private Labels nodeSelector = Labels.empty();
    private List<List<NodeRequirement>> nodeTerms = List.of();
    private List<Toleration> tolerations = List.of();
    private List<Container> containers = List.of(new Container("nginx", "nginx"));
    private PodSpec.RestartPolicy restartPolicy = PodSpec.RestartPolicy.ALWAYS;
    private int priority;
    private int graceSeconds = 30;
    private NodeRules rules = NodeRules.NONE;
    private Set<String> regionBlockers = Set.of();

    private PodBuilder() {}

    /** A pod. */
    public static PodBuilder aPod() {
        return new PodBuilder();
    }

    /** A pod of this name, with the UID {@code uid-NAME}. */
    public static PodBuilder aPod(String name) {
        return aPod().named(name).uid("uid-" + name);
    }

    /** A pod like this one. */
    public static PodBuilder like(Pod pod) {
        return aPod().with(b -> {
            b.namespace = pod.key().namespace();
            b.name = pod.key().name();
            b.uid = pod.uid().value();
            b.createdSeconds = pod.createdSeconds();
            b.scheduledSeconds = pod.scheduledSeconds();
            b.labels = pod.labels();
            b.annotations = pod.annotations();
            b.node = pod.node();
            b.phase = pod.phase();
            b.deleting = pod.deleting();
            b.gated = pod.gated();
            b.owner = pod.owner();
            b.ready = pod.ready();
            b.detail = pod.detail();
            b.readinessGates = pod.readinessGates();
            b.take(pod.spec());
        });
    }

    private void take(PodSpec spec) {
        scheduler = spec.schedulerName();
        requests = spec.requestList();
        nodeSelector = spec.nodeSelector();
        nodeTerms = spec.nodeTerms();
        tolerations = spec.tolerations();
        containers = spec.containers();
        restartPolicy = spec.restartPolicy();
        priority = spec.priority();
        graceSeconds = spec.graceSeconds();
        rules = spec.onNodes();
        regionBlockers = spec.regionBlockers();
    }

    /** In this namespace. */
    public PodBuilder namespace(String value) {
        return with(b -> b.namespace = value);
    }

    /** Under this name; the UID stays. */
    public PodBuilder named(String value) {
        return with(b -> b.name = value);
    }

    /** With this UID. */
    public PodBuilder uid(String value) {
        return with(b -> b.uid = value);
    }

    /** Created at this second of Unix time. */
    public PodBuilder created(long unixSeconds) {
        return with(b -> b.createdSeconds = unixSeconds);
    }

    /** Bound at this second of Unix time, by the server's clock. */
    public PodBuilder scheduled(long unixSeconds) {
        return with(b -> b.scheduledSeconds = unixSeconds);
    }

    /** With these labels and no others. */
    public PodBuilder labels(Labels value) {
        return with(b -> b.labels = value);
    }

    /** With these labels too. */
    public PodBuilder label(String... keysAndValues) {
        return labels(labels.with(Labels.of(keysAndValues)));
    }

    /** With these annotations and no others. */
    public PodBuilder annotations(Labels value) {
        return with(b -> b.annotations = value);
    }

    /** With these annotations too. */
    public PodBuilder annotation(String... keysAndValues) {
        return annotations(annotations.with(Labels.of(keysAndValues)));
    }

    /** On this node. */
    public PodBuilder boundTo(String nodeName) {
        return with(b -> b.node = new NodeName(nodeName));
    }

    /** In this phase. */
    public PodBuilder phase(Pod.Phase value) {
        return with(b -> b.phase = value);
    }

    /** Running and ready. */
    public PodBuilder running() {
        return phase(Pod.Phase.RUNNING).ready(true);
    }

    /** Being deleted. */
    public PodBuilder deleting() {
        return with(b -> b.deleting = true);
    }

    /** With scheduling gates left. */
    public PodBuilder gated() {
        return with(b -> b.gated = true);
    }

    /** With this controller. */
    public PodBuilder ownedBy(Owner value) {
        return with(b -> b.owner = value);
    }

    /** Of a DaemonSet. */
    public PodBuilder ofDaemonSet(String nameOfSet) {
        return ownedBy(new Owner("apps/v1", "DaemonSet", nameOfSet, "u-" + nameOfSet));
    }

    /** Ready, or not. */
    public PodBuilder ready(boolean value) {
        return with(b -> b.ready = value);
    }

    /** Its status shows what a kubelet tells, with this fingerprint. */
    public PodBuilder detail(long value) {
        return with(b -> b.detail = value);
    }

    /** With these readiness gates. */
    public PodBuilder readinessGates(ReadinessGate... gates) {
        return with(b -> b.readinessGates = List.of(gates));
    }

    /** For this scheduler. */
    public PodBuilder scheduler(String value) {
        return with(b -> b.scheduler = value);
    }

    /** Asks for this. */
    public PodBuilder requests(ResourceList value) {
        return with(b -> b.requests = value);
    }

    /** Asks for this. */
    public PodBuilder requests(Resources value) {
        return requests(ResourceList.of(value));
    }

    /** Asks for these amounts. */
    public PodBuilder requests(Map<String, Long> amounts) {
        return requests(ResourceList.of(amounts));
    }

    /** Asks for a CPU and 1 GiB. */
    public PodBuilder withoutGpu() {
        return requests(new Resources(1000, 1 << 30, 0));
    }

    /** With this node selector. */
    public PodBuilder nodeSelector(String... keysAndValues) {
        return with(b -> b.nodeSelector = Labels.of(keysAndValues));
    }

    /** With required node affinity of one term: all of these must hold. */
    public PodBuilder nodeTerm(NodeRequirement... requirements) {
        return with(b -> b.nodeTerms = List.of(List.of(requirements)));
    }

    /** With these tolerations. */
    public PodBuilder tolerates(Toleration... value) {
        return with(b -> b.tolerations = List.of(value));
    }

    /** With these containers. */
    public PodBuilder containers(Container... value) {
        return with(b -> b.containers = List.of(value));
    }

    /** With this restart policy. */
    public PodBuilder restartPolicy(PodSpec.RestartPolicy value) {
        return with(b -> b.restartPolicy = value);
    }

    /** With this priority. */
    public PodBuilder priority(int value) {
        return with(b -> b.priority = value);
    }

    /** With so much time to end in good order. */
    public PodBuilder graceSeconds(int value) {
        return with(b -> b.graceSeconds = value);
    }

    /** With these demands of nodes. */
    public PodBuilder rules(NodeRules value) {
        return with(b -> b.rules = value);
    }

    /** With these demands of nodes. */
    public PodBuilder rules(RulesBuilder value) {
        return rules(value.build());
    }

    /** Uses what no region can run. */
    public PodBuilder regionBlockers(String... what) {
        return with(b -> b.regionBlockers = Set.of(what));
    }

    @Override
    public Pod build() {
        return new Pod(
                new PodKey(namespace, name),
                new PodUid(uid),
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec(),
                node,
                phase,
                deleting,
                gated,
                owner,
                ready,
                readinessGates,
                detail);
    }

    /** Its specification alone. */
    public PodSpec spec() {
        return new PodSpec(
                scheduler,
                requests,
                nodeSelector,
                nodeTerms,
                tolerations,
                containers,
                restartPolicy,
                priority,
                graceSeconds,
                rules,
                regionBlockers);
    }
}
