package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.SelectorAnswer;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.LabelRequirement;
import dev.spillway.core.policy.Leaving;
import dev.spillway.core.policy.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A unit whose labels would take pods from their owner: example E24 of the specification. */
final class SelectorsTest {
    private static final Owner OWNER = new Owner("ReplicaSet", "web-1", "u-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    SelectorsTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock.put("region-a", 9);
        bench.onSelector = read ->
                new SelectorAnswer.Found(List.of(is("svc", "web"), is(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE)));
    }

    private static LabelRequirement is(String key, String value) {
        return new LabelRequirement(key, LabelRequirement.Operator.IN, List.of(value));
    }

    /** A pod whose class the units of {@link TestBench#acs} change to gpu. */
    private Pod owned(@Nullable Owner owner) {
        var pod = bench.web();
        return new Pod(
                pod.key(),
                pod.uid(),
                pod.createdSeconds(),
                pod.scheduledSeconds(),
                pod.labels().with(Labels.of(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE)),
                pod.annotations(),
                pod.spec(),
                null,
                pod.phase(),
                false,
                false,
                owner,
                false);
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.settle();
        return bench.current(pod);
    }

    private void declare(Unit... units) {
        bench.send(new Event.PolicySeen(policy(units)));
        bench.settle();
    }

    private List<String> warnings() {
        return bench.effects(Effect.Announce.class).stream()
                .map(Effect.Announce::announcement)
                .filter(announcement -> announcement.reason().equals("SelectorRewritten"))
                .map(announcement -> announcement.message())
                .toList();
    }

    @Test
    void aUnitThatWouldTakeThePodFromItsOwnerIsRefusedWithAReasonAndOneWarning() {
        declare(acs("region-a"));

        var first = placed(owned(OWNER));
        var second = placed(owned(OWNER));
        bench.advance(Duration.ofMinutes(10));

        assertThat(first.node()).isNull();
        assertThat(second.node()).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.effects(Effect.ReadSelector.class)).containsExactly(new Effect.ReadSelector("demo", OWNER));
        for (var pod : List.of(first, second)) {
            assertThat(bench.explanation(pod))
                    .contains(
                            "): SelectorRewritten: ",
                            Names.COMPUTE_CLASS,
                            "'general-purpose'",
                            "'gpu'",
                            "ReplicaSet web-1",
                            "podLabels");
        }
        assertThat(warnings()).singleElement().asString().startsWith("Unit 1 is not used for it: ");
        assertThat(bench.effects(Effect.Explain.class)).hasSizeLessThanOrEqualTo(4); // no loop
    }

    @Test
    void theNextUnitTakesThePod() {
        bench.node("n1", "a", 1);
        declare(acs("region-a"), ecs("a", null));

        assertThat(bench.nodeOf(placed(owned(OWNER)))).isEqualTo("n1");
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void nobodyWaitsInARefusedUnitWhateverThePolicySays() {
        bench.node("n1", "a", 1);
        bench.send(new Event.PolicySeen(with(
                policy(acs("region-a", 5), ecs("a", null)),
                CountRule.DEFAULT,
                new Leaving(Leaving.Rule.EXCEED_MAX, Duration.ZERO))));

        assertThat(bench.nodeOf(placed(owned(OWNER)))).isEqualTo("n1");
    }

    @Test
    void aLabelThatNoSelectorAsksForIsOverwritten() { // E19
        bench.onSelector = read -> new SelectorAnswer.Found(List.of(is("svc", "web")));
        declare(acs("region-a"));

        var pod = placed(owned(OWNER));

        assertThat(pod.node()).isNotNull();
        assertThat(pod.labels().get(Names.COMPUTE_CLASS)).isEqualTo("gpu");
    }

    @Test
    void aSelectorThatStillHoldsIsInNobodysWay() {
        bench.onSelector = read -> new SelectorAnswer.Found(List.of(new LabelRequirement(
                Names.COMPUTE_CLASS, LabelRequirement.Operator.IN, List.of(Names.GENERAL_PURPOSE, "gpu"))));
        declare(acs("region-a"));

        assertThat(placed(owned(OWNER)).node()).isNotNull();
    }

    @Test
    void podsWhoseLabelsStayOrThatNobodyCountsAreNotLookedUp() {
        declare(acs("region-a"));

        assertThat(placed(owned(null)).node()).isNotNull();
        assertThat(placed(owned(new Owner("RayCluster", "r", "u-2"))).node()).isNotNull();
        assertThat(placed(bench.web()).node()).isNotNull();
        assertThat(bench.effects(Effect.ReadSelector.class)).isEmpty();
    }

    @Test
    void whatCannotBeFoundIsNoConstraint() {
        bench.onSelector = read -> new SelectorAnswer.None();
        declare(acs("region-a"));

        assertThat(placed(owned(OWNER)).node()).isNotNull();
    }

    @Test
    void aReadThatFailsIsRepeatedAndNobodyIsAskedMeanwhile() {
        var answers = new ArrayList<SelectorAnswer>(List.of(
                new SelectorAnswer.Unknown("lost"), new SelectorAnswer.Unknown("lost"), new SelectorAnswer.None()));
        bench.onSelector = read -> answers.removeFirst();
        declare(acs("region-a"));

        var pod = placed(owned(OWNER));
        assertThat(pod.node()).isNull();
        assertThat(bench.asked()).isEmpty();

        bench.advance(Duration.ofSeconds(10));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.effects(Effect.ReadSelector.class)).hasSize(3);
    }
}
