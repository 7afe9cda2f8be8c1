package dev.spillway.core.engine;

import static dev.spillway.core.policy.WhenTryNextUnits.Rule.EXCEED_MAX;
import static dev.spillway.core.policy.WhenTryNextUnits.Rule.LACK_RESOURCE_AND_NO_TERMINATING;
import static dev.spillway.core.policy.WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX;
import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a pod waits in a unit that does not take it: R5 with examples E38 to E48, on the engine alone. */
class WhenTryNextUnitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestBench bench = new TestBench().withTwoRegions();

    WhenTryNextUnitsTest() {
        bench.advance(Duration.ofSeconds(20)); // caps are open, nothing is waited for because of the start
    }

    private Pod placed() {
        return bench.placed(bench.web());
    }

    private static String where(Pod pod) {
        return String.valueOf(pod.node());
    }

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    @Test
    void aUnitThatCanNeverTakeThePodIsNotWaitedFor() { // E23 with E38
        bench.stock("region-a", 9);
        bench.node("a1", "a", 1);
        var noModel =
                aUnit(Unit.Resource.ACS).podLabels(Names.COMPUTE_CLASS, "gpu").max(5);
        declare(aPolicy(noModel, ecs("a")).whenTryNextUnits(EXCEED_MAX));

        assertThat(where(placed())).isEqualTo("a1");
    }

    @Test
    void exceedMaxHoldsForEver() { // E38
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a").max(5), acs("region-a")).whenTryNextUnits(EXCEED_MAX, MINUTE));
        var pod = placed();
        bench.advance(Duration.ofHours(3));
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod)).contains("it waits here until there is room");

        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void exceedMaxWithoutACapDoesNotHold() { // E39
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a"), acs("region-a")).whenTryNextUnits(EXCEED_MAX, MINUTE));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void timeoutHoldsSoLongAndNoLonger() { // E40, E41
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a").max(10), acs("region-a")).whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX));
        var pod = placed();
        bench.advance(Duration.ofMinutes(14));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void theClockOfAUnitSurvivesARestart() {
        bench.stock("region-a", 9);
        var policy = aPolicy(ecs("a").max(10), acs("region-a")).whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, MINUTE);
        declare(policy);
        var pod = placed();
        bench.advance(Duration.ofSeconds(30));

        bench.restart();
        bench.withTwoRegions();
        declare(policy);
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.advance(Duration.ofSeconds(29));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void waitsOfSeveralUnitsAddUp() {
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a").max(10), ecs("b").max(10), acs("region-a"))
                .whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, MINUTE));
        var pod = placed();
        bench.advance(Duration.ofSeconds(119));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aNodeInTimeIsTaken() { // E42, E43
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a").max(10), acs("region-a")).whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, MINUTE));
        var first = placed();
        bench.advance(Duration.ofSeconds(30));
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(first)).isEqualTo("a1");

        var second = placed();
        bench.advance(Duration.ofSeconds(30));
        bench.node(aNode("a2").pool("a").roomFor(1).notReady());
        bench.advance(Duration.ofSeconds(31));
        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void theWaitLabelHoldsAndIsNeverWritten() { // E44
        bench.stock("region-a", 9);
        var unit = ecs("a").waitingForNodes();
        declare(aPolicy(unit, acs("region-a")).whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, MINUTE));
        var pod = placed();
        assertThat(pod.node()).isNull();
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
        assertThat(bench.current(pod).labels().get(Names.WAIT_LABEL)).isNull();
    }

    @Test
    void nothingToWaitFor() { // E45
        bench.stock("region-a", 9);
        declare(aPolicy(ecs("a"), acs("region-a")).whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, MINUTE));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void rollingUpdateWaitsForTerminatingPods() { // E46, E47
        bench.stock("region-a", 9);
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a"), acs("region-a")).whenTryNextUnits(LACK_RESOURCE_AND_NO_TERMINATING, MINUTE));
        var old = placed();
        bench.delete(old);
        var next = placed();
        assertThat(next.node()).isNull();
        assertThat(bench.explanation(next)).contains("it waits here while 1 pod of the unit is terminating");

        bench.api.vanish(old);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(next)).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void acsUnitsKnowNoTimeout() { // E48
        bench.stock("region-b", 9);
        declare(aPolicy(acs("region-a").max(5), acs("region-b"))
                .whenTryNextUnits(TIMEOUT_OR_EXCEED_MAX, Duration.ofMinutes(10)));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-b-1");
    }
}
