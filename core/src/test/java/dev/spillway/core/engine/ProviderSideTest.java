package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.in;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a region does to bound pods, and how that is shown: R11, E54 to E57. */
class ProviderSideTest {
    private static final NodeName NODE = new NodeName("virtual-kubelet-region-a-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    private static Pod with(Pod pod, String... annotations) {
        return TestBench.copy(pod, pod.node(), pod.labels(), Labels.of(annotations), pod.phase(), false);
    }

    private Pod placed(Pod pod) {
        bench.stock.merge("region-a", 1, Integer::sum);
        bench.create(pod);
        bench.settle();
        assertThat(bench.current(pod).node()).isEqualTo(NODE);
        return pod;
    }

    private void loseStock(Pod pod) {
        bench.stock.put("region-a", 0);
        bench.report(in(bench.instanceOf(pod), Instance.State.FAILED, "NoStock"));
        bench.settle();
    }

    private PodStatus status() {
        return bench.effects(Effect.WriteStatus.class).getLast().status();
    }

    private List<String> warnings() {
        return bench.effects(Effect.Announce.class).stream()
                .filter(event -> event.announcement().warning())
                .map(event -> event.announcement().reason())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fail-back", "fail-over", "what-is-this"})
    void withoutFailFastAPodWhoseStockVanishedKeepsTrying(String strategy) { // E54, E55
        var pod = placed(strategy.isEmpty() ? bench.pinned() : with(bench.pinned(), Names.FAIL_STRATEGY, strategy));

        loseStock(pod);

        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status().reason()).isEqualTo("ContainerInstanceScheduleFailed");
        assertThat(status().created().status()).isFalse();
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(warnings()).contains("NoStock");

        bench.stock.put("region-a", 1);
        bench.advance(Duration.ofMinutes(5));
        bench.report(in(bench.instanceOf(pod), Instance.State.RUNNING, ""));
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().reason()).isEmpty();
    }

    @Test
    void failFastShowsProviderFailedAtOnceAndAsksNoMore() { // E55
        var pod = placed(with(bench.pinned(), Names.FAIL_STRATEGY, "fail-fast"));
        int asked = bench.asked().size();

        loseStock(pod);
        bench.stock.put("region-a", 9);
        bench.advance(Duration.ofMinutes(30));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(status().created().status()).isFalse();
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(warnings()).containsOnlyOnce("NoStock");
        assertThat(bench.asked()).hasSize(asked);
        assertThat(bench.instances).as("nothing is left over").isEmpty();
    }

    @Test
    void failFastMayComeFromTheUnit() { // E55
        var unit = acs("region-a");
        var failing = new Unit(
                unit.resource(),
                unit.nodeSelector(),
                unit.podLabels(),
                Labels.of(Names.FAIL_STRATEGY, "fail-fast"),
                null,
                ResourceList.EMPTY,
                false,
                null);
        bench.send(new Event.PolicySeen(policy(failing)));
        var pod = placed(bench.web());

        loseStock(pod);

        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void failFastOfAPodThatCameWithItsNodeFailsAtTheFirstRefusal() { // E55
        var pod = bench.pinned();
        bench.create(TestBench.copy(
                pod, NODE, pod.labels(), Labels.of(Names.FAIL_STRATEGY, "fail-fast"), Pod.Phase.PENDING, false));
        bench.advance(Duration.ofMinutes(30));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("ProviderFailed");
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(warnings()).containsExactly("NoStock");
    }

    @Test
    void aPodThatCameWithItsNodeSaysThatThereIsNoStock() { // E54
        var pod = bench.pinned();
        bench.create(TestBench.copy(pod, NODE, pod.labels(), Labels.empty(), Pod.Phase.PENDING, false));
        bench.settle();

        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status().created().reason()).isEqualTo("NoStock");
        assertThat(warnings()).containsExactly("NoStock");
    }

    @Test
    void aReclaimIsSaidBeforeItHappensAndFailsThePodThen() { // E56
        var pod = placed(bench.pinned());
        var running = in(bench.instanceOf(pod), Instance.State.RUNNING, "");
        bench.report(running);
        bench.settle();

        var announced = in(running, Instance.State.RUNNING, Instance.TO_BE_RELEASED);
        bench.report(announced);
        bench.report(in(announced, Instance.State.RUNNING, Instance.TO_BE_RELEASED));
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().created().status()).isTrue();
        assertThat(status().created().reason()).isEqualTo("SpotToBeReleased");
        assertThat(warnings()).containsOnlyOnce("SpotToBeReleased");

        bench.report(in(in(announced, Instance.State.RUNNING, ""), Instance.State.FAILED, "SpotReclaimed"));
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(status().reason()).isEqualTo("SpotReclaimed");
        assertThat(bench.instances).isEmpty();
    }

    @Test
    void aReclaimAnnouncedBeforeTheContainersRunIsNotForgottenWhenTheyDo() { // E56
        var pod = placed(bench.pinned());

        var announced = in(bench.instanceOf(pod), Instance.State.STARTING, Instance.TO_BE_RELEASED);
        bench.report(announced);
        bench.settle();
        assertThat(status().phase()).isEqualTo(Pod.Phase.PENDING);
        bench.report(in(announced, Instance.State.RUNNING, Instance.TO_BE_RELEASED));
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(status().created().reason()).isEqualTo("SpotToBeReleased");
        assertThat(warnings()).containsOnlyOnce("SpotToBeReleased");
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
