package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that is restarted while 5,000 pods run takes them over as they are, for a number of calls that does not grow with theirs. */
class ManyAdoptedTest { // F40
    private static final int PODS = 5000;

    private final TestBench bench = new TestBench();

    @BeforeEach
    void everyPodRuns() {
        bench.stock("region-a", 2000);
        bench.stock("region-b", PODS);
        declare();
        bench.withTwoRegions();
        bench.create(PODS, bench::web);
        bench.advance(Duration.ofMinutes(1));
        for (var instance : List.copyOf(bench.regions.instances.values())) {
            bench.report(after(instance).state(Instance.State.RUNNING));
            bench.settle();
        }
        assertThat(bench.api.pods.values()).allMatch(pod -> pod.phase() == Pod.Phase.RUNNING);
        assertThat(bench.regions.instances).hasSize(PODS);
    }

    private void declare() {
        bench.declare(aPolicy(acs("region-a").max(1500), acs("region-b")));
    }

    @Test
    void allAreAdoptedAndNeitherRegionsNorPodsAreAskedOneByOne() {
        var before = instanceByPod();
        bench.log.clear();

        takeOver();

        assertThat(instanceByPod()).isEqualTo(before);
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();
        assertThat(bench.effects(Effect.ListInstances.class))
                .as("lists of two regions, at once and every 30 s")
                .hasSize(10);
        assertThat(callsButNodes())
                .as("everything else that is asked or written")
                .hasSizeLessThan(100);
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).isEmpty();
    }

    private void takeOver() {
        bench.restart();
        declare();
        List.copyOf(bench.api.pods.values()).forEach(pod -> bench.send(new Event.PodSeen(pod)));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));
    }

    private List<Effect> callsButNodes() {
        var calls = new ArrayList<Effect>(bench.log);
        calls.removeIf(call -> call instanceof Effect.WakeAt || call instanceof Effect.ListInstances);
        return calls;
    }

    private Map<PodUid, String> instanceByPod() {
        return bench.regions.instances.values().stream()
                .collect(toMap(
                        instance -> instance.tags().podUid(),
                        instance -> instance.id().value()));
    }
}
