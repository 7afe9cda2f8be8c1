package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A unit whose labels would take pods from their owner: R3.6, E24. */
final class SelectorsTest {
    private static final Owner OWNER = new Owner("apps/v1", "ReplicaSet", "web-1", "u-1");

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
                new WhenTryNextUnits(WhenTryNextUnits.Rule.EXCEED_MAX, Duration.ZERO))));

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
        var carriesAll = TestBench.copy(
                owned(OWNER),
                null,
                bench.web().labels().with(acs("region-a").podLabels()),
                Labels.empty(),
                Pod.Phase.PENDING,
                false);

        assertThat(placed(owned(null)).node()).isNotNull();
        assertThat(placed(carriesAll).node()).isNotNull();
        assertThat(placed(owned(new Owner("v1", "Pod", "spark-driver", "u-2"))).node())
                .isNotNull();
        assertThat(bench.effects(Effect.ReadSelector.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = LabelRequirement.Operator.class,
            names = {"NOT_IN", "DOES_NOT_EXIST"})
    void aLabelThatIsAddedMayTakeThePodFromItsOwnerToo(LabelRequirement.Operator operator) {
        var values = operator == LabelRequirement.Operator.NOT_IN ? List.of("gold") : List.<String>of();
        bench.onSelector = read -> new SelectorAnswer.Found(List.of(new LabelRequirement("tier", operator, values)));
        bench.node("n1", "a", 9);
        declare(ecs("a", null, ResourceList.EMPTY, Labels.of("tier", "gold")));

        var pod = placed(owned(OWNER));

        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod))
                .contains("SelectorRewritten: it would add the label tier with the value 'gold' to the pod");
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void anOwnerOfAnyKindIsAskedForItsSelector() {
        var owner = new Owner("apps.kruise.io/v1alpha1", "CloneSet", "web", "u-3");
        declare(acs("region-a"));

        var pod = placed(owned(owner));

        assertThat(pod.node()).isNull();
        assertThat(bench.effects(Effect.ReadSelector.class)).containsExactly(new Effect.ReadSelector("demo", owner));
        assertThat(bench.explanation(pod)).contains("the selector of CloneSet web asks for that label");
    }

    @Test
    void aPinnedPodIsNotTakenFromItsOwnerByTheProfile() {
        bench.onSelector = read -> new SelectorAnswer.Found(
                List.of(new LabelRequirement("team", LabelRequirement.Operator.DOES_NOT_EXIST, List.of())));
        bench.send(new Event.ProfileSeen(
                new ProfileUid("cm-1"),
                new Profile(
                        List.of(new dev.spillway.core.profile.Selector(
                                "all", null, null, new Additions(Labels.of("team", "x"), Labels.empty()))),
                        Profile.Network.UNSET),
                ""));
        var pod = bench.pinned();

        var placed = placed(pod.sharing(pod.spec(), pod.labels(), pod.annotations(), OWNER));

        assertThat(placed.node()).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod)).contains("SelectorRewritten: it would add the label team");
        assertThat(warnings()).singleElement().asString().startsWith("Its region is not used for it: ");
    }

    @Test
    void aRightThatNobodyWaitsForAnyMoreIsNotAskedForAgain() {
        bench.onSelector = read -> new SelectorAnswer.Forbidden("get replicasets.apps");
        declare(acs("region-a"));
        var pod = placed(owned(OWNER));
        bench.advance(Duration.ofMinutes(2));
        bench.delete(pod);
        bench.advance(Duration.ofMinutes(2));
        bench.log.clear();

        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.effects(Effect.ReadSelector.class)).isEmpty();
        bench.onSelector = read -> new SelectorAnswer.None();
        assertThat(bench.nodeOf(placed(owned(OWNER)))).isNotNull();
    }

    @Test
    void whereTheOwnersKindMayNotBeReadNoLabelIsChangedUntilTheRightIsThere() {
        var forbidden = new SelectorAnswer.Forbidden("get replicasets.apps");
        bench.onSelector = read -> forbidden;
        declare(acs("region-a"));

        var first = placed(owned(OWNER));
        var second = placed(owned(new Owner("apps/v1", "ReplicaSet", "web-2", "u-2")));
        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(first)).contains("SelectorUnreadable", "the right to get replicasets.apps");
        assertThat(bench.explanation(second)).contains("the selector of ReplicaSet web-2");
        assertThat(bench.effects(Effect.Announce.class).stream()
                        .filter(it -> it.announcement().reason().equals("SelectorUnreadable")))
                .as("told once for the kind")
                .hasSize(1);
        assertThat(bench.effects(Effect.ReadSelector.class))
                .as("one owner is asked for again, once a minute")
                .hasSizeBetween(10, 12);

        bench.onSelector = read -> new SelectorAnswer.None();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(first)).isNotNull();
        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void aUnitThatLeavesTheLabelsAloneTakesThePodOfAnUnreadableOwner() {
        bench.onSelector = read -> new SelectorAnswer.Unclear("its spec.selector is a text");
        bench.node("n1", "a", 1);
        declare(acs("region-a"), ecs("a", null));

        assertThat(bench.nodeOf(placed(owned(OWNER)))).isEqualTo("n1");
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
