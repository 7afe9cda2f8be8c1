package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.RegionBuilder.aRegion;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.InstanceBuilder;
import dev.spillway.core.testing.NodeBuilder;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.PolicyBuilder;
import dev.spillway.core.testing.RegionBuilder;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine with a small world around it that answers each effect at once: regions with a number of instances in stock, and a
 * cluster that binds what it is told to bind. Here are the words in which tests say what there is and ask what became of it.
 */
final class TestBench extends EngineRun {
    final FakeRegions regions = new FakeRegions();
    final FakeApiServer api = new FakeApiServer(this::send);
    private int nextPod = 1;

    @Override
    void answer(Effect effect) {
        if (effect instanceof Effect.ToRegion toRegion) {
            send(regions.answer(toRegion));
        } else {
            api.answer(effect);
        }
    }

    // What there is

    /** Two regions with one zone each, and the cluster listed. */
    TestBench withTwoRegions() {
        region(aRegion("region-a").asDefault());
        region(aRegion("region-b"));
        listed();
        return this;
    }

    /** A region is declared, or edited, and its connection open. */
    void region(RegionBuilder region) {
        declare(region);
        open(region.build().id().value());
    }

    void open(String region) {
        open(region, Duration.ZERO);
    }

    /** The connection to a region is open; {@code settle}: how long its lists may lag. */
    void open(String region, Duration settle) {
        var capabilities = new Capabilities(settle, new Resources(1_000_000, 1L << 40, 1000));
        send(new Event.BackendOpened(new RegionId(region), capabilities));
    }

    /** A region is declared, or edited. */
    void declare(RegionBuilder region) {
        send(new Event.RegionSeen(region.build(), ""));
    }

    void declare(PolicyBuilder policy) {
        api.declare(policy.build());
    }

    void stock(String region, int instances) {
        regions.stock.put(region, instances);
    }

    void node(NodeBuilder node) {
        send(new Event.NodeSeen(node.build()));
    }

    /** A real, ready node with room for so many pods of {@link #web}. */
    void node(String name, String pool, int pods) {
        node(aNode(name).pool(pool).roomFor(pods));
    }

    /** All that is there has been told. */
    void listed() {
        send(new Event.ClusterListed());
        settle();
    }

    // Pods

    /** The next pod, with these labels. */
    PodBuilder pod(String... labels) {
        int n = nextPod++;
        return aPod("pod-" + n).uid("uid-" + n).created(n).label(labels);
    }

    /** The next pod that policies of {@link PolicyBuilder} select. */
    PodBuilder web() {
        return pod("svc", "web");
    }

    /** The next pod that pins itself, with the labels of {@link UnitBuilder#acs}. */
    PodBuilder pinned(String... moreLabels) {
        return pod(Names.ACS, "true", Names.COMPUTE_CLASS, "gpu", Names.COMPUTE_QOS, "default")
                .label(Names.GPU_MODEL, UnitBuilder.MODEL)
                .label(moreLabels);
    }

    Pod create(PodBuilder pod) {
        return api.put(pod.build());
    }

    List<Pod> create(int count, Supplier<PodBuilder> pods) {
        return Stream.generate(pods).limit(count).map(this::create).toList();
    }

    /** The pod, created, when everything that this leads to at once is answered. */
    Pod placed(PodBuilder pod) {
        var created = create(pod);
        settle();
        return current(created);
    }

    void update(PodBuilder pod) {
        api.put(pod.build());
    }

    void delete(Pod pod) {
        api.delete(pod);
    }

    /** The pod as it is now. */
    Pod current(Pod pod) {
        var found = api.pods.get(pod.uid());
        if (found == null) {
            throw new AssertionError(pod.key() + " is gone");
        }
        return found;
    }

    /** The pod as it is now, to be changed. */
    PodBuilder like(Pod pod) {
        return PodBuilder.like(current(pod));
    }

    @Nullable
    String nodeOf(Pod pod) {
        var node = current(pod).node();
        return node == null ? null : node.value();
    }

    // Instances

    Instance instanceOf(Pod pod) {
        return regions.instances.values().stream()
                .filter(instance -> instance.tags().podUid().equals(pod.uid()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no instance of " + pod.key()));
    }

    void report(InstanceBuilder instance) {
        report(instance.build());
    }

    /** Its region says this of an instance. */
    void report(Instance instance) {
        regions.put(instance);
        send(new Event.InstanceReported(instance.tags().offer().region(), instance));
    }

    /** Its region says that the pod's instance is in this state now. */
    void report(Pod pod, Instance.State state, String reason) {
        report(after(instanceOf(pod)).state(state).reason(reason));
    }

    // What happened

    /** The regions that were asked for an instance, in order. */
    List<String> asked() {
        return effects(Effect.Acquire.class).stream()
                .map(acquire -> acquire.region().value())
                .toList();
    }

    /** The reasons of all warnings about pods, in order. */
    List<String> warnings() {
        return writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.announcement().warning())
                .map(event -> event.announcement().reason())
                .toList();
    }

    /** What the pod was last told; empty where nothing. */
    String explanation(Pod pod) {
        var texts = writes(ClusterWrite.Explain.class).stream()
                .filter(explain -> explain.uid().equals(pod.uid()))
                .map(ClusterWrite.Explain::message)
                .toList();
        return texts.isEmpty() ? "" : texts.getLast();
    }
}
