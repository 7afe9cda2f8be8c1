package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a region does to bound pods, and how that is shown: R11, E54 to E57. */
class ProviderSideTest {
    private static final NodeName NODE = new NodeName("virtual-kubelet-region-a-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    private Pod placed(PodBuilder pod) {
        bench.regions.restock("region-a", 1);
        var placed = bench.placed(pod);
        assertThat(placed.node()).isEqualTo(NODE);
        return placed;
    }

    private void loseStock(Pod pod) {
        bench.stock("region-a", 0);
        bench.report(pod, Instance.State.FAILED, "NoStock");
        bench.settle();
    }

    private PodStatus status() {
        return bench.writes(ClusterWrite.WriteStatus.class).getLast().status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fail-back", "fail-over", "what-is-this"})
    void withoutFailFastAPodWhoseStockVanishedKeepsTrying(String strategy) { // E54, E55
        var pod =
                placed(strategy.isEmpty() ? bench.pinned() : bench.pinned().annotation(Names.FAIL_STRATEGY, strategy));

        loseStock(pod);

        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status().reason()).isEqualTo("ContainerInstanceScheduleFailed");
        assertThat(status().created().status()).isFalse();
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(bench.warnings()).contains("NoStock");

        bench.stock("region-a", 1);
        bench.advance(Duration.ofMinutes(5));
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().reason()).isEmpty();
    }

    @Test
    void failFastShowsProviderFailedAtOnceAndAsksNoMore() { // E55
        var pod = placed(bench.pinned().annotation(Names.FAIL_STRATEGY, "fail-fast"));
        int asked = bench.asked().size();

        loseStock(pod);
        bench.stock("region-a", 9);
        bench.advance(Duration.ofMinutes(30));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(status().created().status()).isFalse();
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(bench.warnings()).containsOnlyOnce("NoStock");
        assertThat(bench.asked()).hasSize(asked);
        assertThat(bench.regions.instances).as("nothing is left over").isEmpty();
    }

    @Test
    void failFastMayComeFromTheUnit() { // E55
        bench.declare(aPolicy(acs("region-a").podAnnotations(Names.FAIL_STRATEGY, "fail-fast")));
        var pod = placed(bench.web());

        loseStock(pod);

        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void failFastOfAPodThatCameWithItsNodeFailsAtTheFirstRefusal() { // E55
        var pod = bench.create(bench.pinned().boundTo(NODE.value()).annotation(Names.FAIL_STRATEGY, "fail-fast"));
        bench.advance(Duration.ofMinutes(30));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(bench.warnings()).containsExactly("NoStock");
    }

    @Test
    void aPodThatCameWithItsNodeSaysThatThereIsNoStock() { // E54
        bench.placed(bench.pinned().boundTo(NODE.value()));

        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(bench.warnings()).containsExactly("NoStock");
    }

    @Test
    void aReclaimIsSaidBeforeItHappensAndFailsThePodThen() { // E56
        var pod = placed(bench.pinned());
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();

        bench.report(pod, Instance.State.RUNNING, Instance.TO_BE_RELEASED);
        bench.report(pod, Instance.State.RUNNING, Instance.TO_BE_RELEASED);
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().created().status()).isTrue();
        assertThat(status().created().reason()).isEqualTo("SpotToBeReleased");
        assertThat(bench.warnings()).containsOnlyOnce("SpotToBeReleased");

        bench.report(pod, Instance.State.RUNNING, "");
        bench.report(pod, Instance.State.FAILED, "SpotReclaimed");
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("SpotReclaimed");
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void aReclaimAnnouncedBeforeTheContainersRunIsNotForgottenWhenTheyDo() { // E56
        var pod = placed(bench.pinned());

        bench.report(pod, Instance.State.STARTING, Instance.TO_BE_RELEASED);
        bench.settle();
        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        bench.report(pod, Instance.State.RUNNING, Instance.TO_BE_RELEASED);
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().created().reason()).isEqualTo("SpotToBeReleased");
        assertThat(bench.warnings()).containsOnlyOnce("SpotToBeReleased");
    }

    @Test
    void aRunningPodNamesRegionZoneAndInstance() { // E57
        var pod = placed(bench.pinned());

        assertThat(bench.current(pod).annotations().toMap())
                .containsEntry("topology.kubernetes.io/region", "region-a")
                .containsEntry("topology.kubernetes.io/zone", "region-a-1")
                .containsEntry("alibabacloud.com/instance-id", "i-1");
    }
}
