package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A unit whose labels would take pods from their owner: R3.6, E24. */
final class SelectorsTest {
    private static final Owner OWNER = new Owner("apps/v1", "ReplicaSet", "web-1", "u-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    SelectorsTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock("region-a", 9);
        bench.api.onSelector = read ->
                new SelectorAnswer.Found(List.of(is("svc", "web"), is(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE)));
    }

    private static LabelRequirement is(String key, String value) {
        return new LabelRequirement(key, LabelRequirement.Operator.IN, List.of(value));
    }

    /** A pod whose class the units of {@link UnitBuilder#acs} change to gpu. */
    private PodBuilder owned(Owner owner) {
        return ofNobody().ownedBy(owner);
    }

    private PodBuilder ofNobody() {
        return bench.web().label(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE);
    }

    private void declare(UnitBuilder... units) {
        bench.declare(aPolicy(units));
        bench.settle();
    }

    private List<String> warnings() {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .map(ClusterWrite.Announce::announcement)
                .filter(announcement -> announcement.reason().equals("SelectorRewritten"))
                .map(announcement -> announcement.message())
                .toList();
    }

    @Test
    void aUnitThatWouldTakeThePodFromItsOwnerIsRefusedWithAReasonAndOneWarning() {
        declare(acs("region-a"));

        var first = bench.placed(owned(OWNER));
        var second = bench.placed(owned(OWNER));
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
        assertThat(bench.writes(ClusterWrite.Explain.class)).hasSizeLessThanOrEqualTo(4); // no loop
    }

    @Test
    void theNextUnitTakesThePod() {
        bench.node("n1", "a", 1);
        declare(acs("region-a"), ecs("a"));

        assertThat(bench.nodeOf(bench.placed(owned(OWNER)))).isEqualTo("n1");
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void nobodyWaitsInARefusedUnitWhateverThePolicySays() {
        bench.node("n1", "a", 1);
        bench.declare(aPolicy(acs("region-a").max(5), ecs("a"))
                .whenTryNextUnits(WhenTryNextUnits.Rule.EXCEED_MAX, Duration.ZERO));

        assertThat(bench.nodeOf(bench.placed(owned(OWNER)))).isEqualTo("n1");
    }

    @Test
    void aLabelThatNoSelectorAsksForIsOverwritten() { // E19
        bench.api.onSelector = read -> new SelectorAnswer.Found(List.of(is("svc", "web")));
        declare(acs("region-a"));

        var pod = bench.placed(owned(OWNER));

        assertThat(pod.node()).isNotNull();
        assertThat(pod.labels().get(Names.COMPUTE_CLASS)).isEqualTo("gpu");
    }

    @Test
    void aSelectorThatStillHoldsIsInNobodysWay() {
        bench.api.onSelector = read -> new SelectorAnswer.Found(List.of(new LabelRequirement(
                Names.COMPUTE_CLASS, LabelRequirement.Operator.IN, List.of(Names.GENERAL_PURPOSE, "gpu"))));
        declare(acs("region-a"));

        assertThat(bench.placed(owned(OWNER)).node()).isNotNull();
    }

    @Test
    void podsWhoseLabelsStayOrThatNobodyCountsAreNotLookedUp() {
        declare(acs("region-a"));
        var carriesAll = owned(OWNER)
                .label(Names.REGION_ID, "region-a")
                .label(Names.COMPUTE_CLASS, "gpu", Names.COMPUTE_QOS, "default")
                .label(Names.GPU_MODEL, UnitBuilder.MODEL);

        assertThat(bench.placed(ofNobody()).node()).isNotNull();
        assertThat(bench.placed(carriesAll).node()).isNotNull();
        assertThat(bench.placed(owned(new Owner("v1", "Pod", "spark-driver", "u-2")))
                        .node())
                .isNotNull();
        assertThat(bench.effects(Effect.ReadSelector.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = LabelRequirement.Operator.class,
            names = {"NOT_IN", "DOES_NOT_EXIST"})
    void aLabelThatIsAddedMayTakeThePodFromItsOwnerToo(LabelRequirement.Operator operator) {
        var values = operator == LabelRequirement.Operator.NOT_IN ? List.of("gold") : List.<String>of();
        bench.api.onSelector =
                read -> new SelectorAnswer.Found(List.of(new LabelRequirement("tier", operator, values)));
        bench.node("n1", "a", 9);
        declare(ecs("a").podLabels("tier", "gold"));

        var pod = bench.placed(owned(OWNER));

        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod))
                .contains("SelectorRewritten: it would add the label tier with the value 'gold' to the pod");
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void anOwnerOfAnyKindIsAskedForItsSelector() {
        var owner = new Owner("apps.kruise.io/v1alpha1", "CloneSet", "web", "u-3");
        declare(acs("region-a"));

        var pod = bench.placed(owned(owner));

        assertThat(pod.node()).isNull();
        assertThat(bench.effects(Effect.ReadSelector.class)).containsExactly(new Effect.ReadSelector("demo", owner));
        assertThat(bench.explanation(pod)).contains("the selector of CloneSet web asks for that label");
    }

    @Test
    void aPinnedPodIsNotTakenFromItsOwnerByTheProfile() {
        bench.api.onSelector = read -> new SelectorAnswer.Found(
                List.of(new LabelRequirement("team", LabelRequirement.Operator.DOES_NOT_EXIST, List.of())));
        bench.send(new Event.ProfileSeen(
                new ProfileUid("cm-1"),
                new Profile(
                        List.of(new dev.spillway.core.profile.Selector(
                                "all", null, null, new Additions(Labels.of("team", "x"), Labels.empty()))),
                        Profile.Network.UNSET),
                ""));

        var pod = bench.placed(bench.pinned().ownedBy(OWNER));

        assertThat(pod.node()).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod)).contains("SelectorRewritten: it would add the label team");
        assertThat(warnings()).singleElement().asString().startsWith("Its region is not used for it: ");
    }

    @Test
    void aRightThatNobodyWaitsForAnyMoreIsNotAskedForAgain() {
        bench.api.onSelector = read -> new SelectorAnswer.Forbidden("get replicasets.apps");
        declare(acs("region-a"));
        var pod = bench.placed(owned(OWNER));
        bench.advance(Duration.ofMinutes(2));
        bench.delete(pod);
        bench.advance(Duration.ofMinutes(2));
        bench.log.clear();

        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.effects(Effect.ReadSelector.class)).isEmpty();
        bench.api.onSelector = read -> new SelectorAnswer.None();
        assertThat(bench.nodeOf(bench.placed(owned(OWNER)))).isNotNull();
    }

    @Test
    void whereTheOwnersKindMayNotBeReadNoLabelIsChangedUntilTheRightIsThere() {
        var forbidden = new SelectorAnswer.Forbidden("get replicasets.apps");
        bench.api.onSelector = read -> forbidden;
        declare(acs("region-a"));

        var first = bench.placed(owned(OWNER));
        var second = bench.placed(owned(new Owner("apps/v1", "ReplicaSet", "web-2", "u-2")));
        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(first)).contains("SelectorUnreadable", "the right to get replicasets.apps");
        assertThat(bench.explanation(second)).contains("the selector of ReplicaSet web-2");
        assertThat(bench.writes(ClusterWrite.Announce.class).stream()
                        .filter(it -> it.announcement().reason().equals("SelectorUnreadable")))
                .as("told once for the kind")
                .hasSize(1);
        assertThat(bench.effects(Effect.ReadSelector.class))
                .as("one owner is asked for again, once a minute")
                .hasSizeBetween(10, 12);

        bench.api.onSelector = read -> new SelectorAnswer.None();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(first)).isNotNull();
        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void aUnitThatLeavesTheLabelsAloneTakesThePodOfAnUnreadableOwner() {
        bench.api.onSelector = read -> new SelectorAnswer.Unclear("its spec.selector is a text");
        bench.node("n1", "a", 1);
        declare(acs("region-a"), ecs("a"));

        assertThat(bench.nodeOf(bench.placed(owned(OWNER)))).isEqualTo("n1");
    }

    @Test
    void whatCannotBeFoundIsNoConstraint() {
        bench.api.onSelector = read -> new SelectorAnswer.None();
        declare(acs("region-a"));

        assertThat(bench.placed(owned(OWNER)).node()).isNotNull();
    }

    @Test
    void aReadThatFailsIsRepeatedAndNobodyIsAskedMeanwhile() {
        var answers = new ArrayList<SelectorAnswer>(List.of(
                new SelectorAnswer.Unknown("lost"), new SelectorAnswer.Unknown("lost"), new SelectorAnswer.None()));
        bench.api.onSelector = read -> answers.removeFirst();
        declare(acs("region-a"));

        var pod = bench.placed(owned(OWNER));
        assertThat(pod.node()).isNull();
        assertThat(bench.asked()).isEmpty();

        bench.advance(Duration.ofSeconds(10));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.effects(Effect.ReadSelector.class)).hasSize(3);
    }
}
