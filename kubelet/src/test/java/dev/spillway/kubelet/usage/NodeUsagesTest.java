package dev.spillway.kubelet.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.ContainerUsage;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.UsageAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sums over containers and pods, and what becomes of them while pods come, go and start anew. */
final class NodeUsagesTest {
    private static final NodeName NODE = new NodeName("vn-1");
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private final Region region = new Region();
    private final List<HomePods.Running> pods = new ArrayList<>();
    private final NodeUsages usages = new NodeUsages(new HomePods() {
        @Override
        public Optional<Running> find(PodKey key) {
            return Optional.empty();
        }

        @Override
        public RunningPods in(RegionId id) {
            return region;
        }

        @Override
        public List<Running> on(NodeName node) {
            return node.equals(NODE) ? List.copyOf(pods) : List.of();
        }
    });

    private static final class Region implements RunningPods {
        private UsageAnswer answer = new UsageAnswer.Known(Map.of());
        private int asked;

        @Override
        public Optional<String> status(InstanceId instance) {
            return Optional.empty();
        }

        @Override
        public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public UsageAnswer usage() {
            asked++;
            return answer;
        }
    }

    private void pod(String name) {
        pods.add(new HomePods.Running(
                new PodKey("ns", name),
                new PodUid("uid-" + name),
                NODE,
                new InstanceId("i-" + name),
                new RegionId("region-a"),
                region));
    }

    private void measured(Map<String, List<ContainerUsage>> byPod) {
        var byInstance = new HashMap<InstanceId, UsageAnswer.Used>();
        byPod.forEach((name, containers) -> byInstance.put(
                new InstanceId("i-" + name), new UsageAnswer.Used(new PodUid("uid-" + name), containers)));
        region.answer = new UsageAnswer.Known(byInstance);
    }

    private static ContainerUsage usage(String name, long startSecond, long atSecond, long cpu, long memory) {
        return new ContainerUsage(
                name, START.plusSeconds(startSecond), START.plusSeconds(atSecond), cpu, 1_000, memory);
    }

    private long nodeCpu() {
        return usages.of(NODE).total().orElseThrow().cpuNanos();
    }

    private long podCpu() {
        return usages.of(NODE).pods().getFirst().total().cpuNanos();
    }

    /** Whoever may edit a pod can write another one's instance onto it. */
    @Test
    void whatAnotherPodUsesIsNotItsOwn() {
        pods.add(new HomePods.Running(
                new PodKey("other", "b"),
                new PodUid("uid-b"),
                NODE,
                new InstanceId("i-a"),
                new RegionId("region-a"),
                region));
        measured(Map.of("a", List.of(usage("main", 0, 10, 5, 7))));

        assertThat(usages.of(NODE).pods()).isEmpty();
    }

    @Test
    void aNodeIsTheSumOfItsContainersAndTheRegionIsAskedOnce() {
        pod("a");
        pod("b");
        pod("without-figures");
        measured(Map.of(
                "a", List.of(usage("x", 0, 10, 5, 100), usage("w", 1, 12, 7, 1)),
                "b", List.of(usage("x", 2, 11, 30, 20)),
                "of-another-node", List.of(usage("x", 0, 99, 1_000, 1_000))));

        var usage = usages.of(NODE);

        assertThat(region.asked).isEqualTo(1);
        assertThat(usage.total()).contains(new NodeUsage.Total(START.plusSeconds(12), START, 42, 3_000, 121));
        assertThat(usage.pods()).extracting(pod -> pod.pod().name()).containsExactly("a", "b");
        assertThat(usage.pods().getFirst().containers())
                .extracting(ContainerUsage::name)
                .containsExactly("w", "x");
        assertThat(usages.of(new NodeName("other")).total()).isEmpty();
    }

    @Test
    void aRegionThatDoesNotSayLeavesNoSeriesAndTheCountersGoOnAfterIt() {
        pod("a");
        measured(Map.of("a", List.of(usage("x", 0, 10, 5, 100))));
        assertThat(usages.resourceMetrics(NODE)).contains("pod=\"a\"").endsWith("resource_scrape_error 0\n");

        region.answer = new UsageAnswer.Unknown("connection refused");
        assertThat(usages.resourceMetrics(NODE)).doesNotContain("pod=").endsWith("resource_scrape_error 1\n");
        assertThat(usages.summary(NODE)).isEmpty();

        measured(Map.of("a", List.of(usage("x", 0, 40, 9, 100))));
        assertThat(nodeCpu()).isEqualTo(9);
        assertThat(usages.summary(NODE)).isPresent();
    }

    @Test
    void aRegionThatMeasuresNothingIsNoError() {
        pod("a");
        region.answer = new UsageAnswer.Unmeasured("no metrics-server");

        assertThat(usages.resourceMetrics(NODE)).doesNotContain("pod=").endsWith("resource_scrape_error 0\n");
        assertThat(usages.summary(NODE)).contains("{\"node\":{\"nodeName\":\"vn-1\"},\"pods\":[]}");
    }

    @Test
    void countersOfNodesAndPodsOnlyGrow() {
        pod("a");
        pod("b");
        measured(Map.of("a", List.of(usage("x", 0, 10, 100, 1)), "b", List.of(usage("x", 0, 10, 50, 1))));
        assertThat(nodeCpu()).isEqualTo(150);

        pods.removeLast(); // b ends
        assertThat(nodeCpu()).isEqualTo(150);
        measured(Map.of("a", List.of(usage("x", 15, 20, 30, 1)))); // a's container started anew
        assertThat(nodeCpu()).isEqualTo(180);
        assertThat(podCpu()).isEqualTo(130);
        measured(Map.of("a", List.of(usage("x", 15, 30, 10, 1)))); // its counter was set back
        assertThat(nodeCpu()).isEqualTo(180);
        measured(Map.of("a", List.of(usage("x", 15, 40, 25, 1), usage("y", 35, 40, 9_000, 1)))); // a new one
        assertThat(nodeCpu()).isEqualTo(195);
        measured(Map.of("a", List.of(usage("x", 15, 50, 25, 1), usage("y", 35, 50, 9_001, 1))));
        assertThat(nodeCpu()).isEqualTo(196);
    }
}
