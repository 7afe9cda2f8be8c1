package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who counts in a unit, and by which unit a pod is ranked: what matches the policy and stands there (E35 to E37, Q13, Q16). */
class CountingTest {
    private static final String VIRTUAL = "virtual-kubelet-region-a-1";

    private final TestBench bench = new TestBench().withTwoRegions();

    CountingTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock("region-a", 9);
    }

    private String whereOneMoreGoes() {
        return String.valueOf(bench.placed(bench.web()).node());
    }

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    private void drop(String name) {
        bench.send(new Event.PolicyGone(new PolicyKey("demo", name)));
        bench.settle();
    }

    private String cost(Pod pod) {
        return bench.current(pod).annotations().getOr(Names.DELETION_COST, "none");
    }

    /** What another process finds that knows nothing but the cluster. */
    private void restartWith(PolicyBuilder policy) {
        bench.restart();
        bench.region(aRegion("region-a").asDefault());
        bench.region(aRegion("region-b"));
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        bench.declare(policy);
        bench.api.pods.values().forEach(pod -> bench.send(new Event.PodSeen(pod)));
        bench.listed();
        bench.advance(Duration.ofMinutes(1));
    }

    @Test
    void podsOfADeletedPolicyCountForTheOneThatSpeaksForThemNow() {
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(2), acs("region-a")).named("p1"));
        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("a1");

        drop("p1");
        declare(aPolicy(ecs("a").max(2), acs("region-a")).named("p2"));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly(VIRTUAL);
    }

    @Test
    void anotherPolicyOfTheNameDoesNotTrustPositionsOfTheOneBefore() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(aPolicy(ecs("a").max(2), ecs("b")));
        var old = List.of(bench.placed(bench.web()), bench.placed(bench.web()));
        assertThat(old).allMatch(pod -> "a1".equals(bench.nodeOf(pod)));

        drop("p");
        declare(aPolicy(ecs("b").max(2), ecs("a")).anew(100));

        assertThat(whereOneMoreGoes()).isEqualTo("b1");
        assertThat(old).allMatch(pod -> cost(pod).equals("1900")); // by where they stand, Q16
    }

    @Test
    void anotherPolicyOfTheNameIsToldApartAlsoWhereOnlyTheNewOneIsSeen() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(aPolicy(ecs("a").max(2), ecs("b")));
        whereOneMoreGoes();
        whereOneMoreGoes();

        declare(aPolicy(ecs("b").max(2), ecs("a")).anew(100));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("b1");
        assertThat(whereOneMoreGoes()).isEqualTo("a1");
    }

    @Test
    void podsThatAnEarlierReleasePlacedCarryNoUidAndCountByName() {
        bench.node("a1", "a", 10);
        bench.node("x1", "x", 10); // has lost the unit's label since: only the annotation says where the pod counts
        bench.create(bench.web()
                .boundTo("x1")
                .running()
                .annotation(Names.POLICY, "p", Names.POLICY_GENERATION, "1", Names.UNIT, "1")
                .annotation(Names.DELETION_COST, "2000"));
        declare(aPolicy(ecs("a").max(1), acs("region-a")));
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);
    }

    @Test
    void aPodOnItsWayCountsWhereItIsGoingToBeWhenThePolicyChangesMeanwhile() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(aPolicy(ecs("a").max(2), ecs("b")));
        bench.api.onBind = bind -> new WriteAnswer.Unknown("timeout");
        bench.placed(bench.web());
        bench.placed(bench.web());
        bench.api.onBind = bench.api::bind;

        declare(aPolicy(ecs("b").max(2), ecs("a")).generation(2));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("b1");
    }

    @Test
    void groupsAreThoseOfTheLabelsThatTheUnitWrites() {
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(1).podLabels("tier", "gold"), acs("region-a"))
                .matchLabelKeys("tier"));
        for (int i = 0; i < 4; i++) {
            bench.create(bench.web().label("tier", "silver"));
        }
        bench.settle();
        assertThat(bench.api.pods.values().stream().map(bench::nodeOf))
                .containsExactly("a1", VIRTUAL, VIRTUAL, VIRTUAL);
    }

    @Test
    void aLabelThatTheUnitWritesOverTheSelectorsDoesNotHideItsPods() {
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(1).podLabels("tier", "gold"), acs("region-a"))
                .selecting("tier", "silver"));
        assertThat(bench.placed(bench.web().label("tier", "silver")).labels().get("tier"))
                .isEqualTo("gold");
        assertThat(bench.placed(bench.web().label("tier", "silver")).node()).hasToString(VIRTUAL);
    }

    @Test
    void podsThatThePolicyDoesNotSpeakForDoNotCount() { // Q13
        bench.node("a1", "a", 10);
        bench.create(bench.web().label(Names.ECI, "true").boundTo("a1"));
        bench.create(bench.pod("svc", "other").boundTo("a1"));
        declare(aPolicy(ecs("a").max(1), acs("region-a")));
        assertThat(whereOneMoreGoes()).isEqualTo("a1");
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);

        declare(aPolicy(ecs("a").max(1), acs("region-a")).generation(2).selecting("app", "new"));
        assertThat(bench.placed(bench.pod("app", "new")).node()).hasToString("a1");
    }

    @Test
    void aNamespaceThatIsSteeredPastPoliciesStopsCounting() {
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(1), acs("region-a")));
        whereOneMoreGoes();
        assertThat(shownInUnit1()).isEqualTo(1);
        bench.send(new Event.NamespaceSeen("demo", Labels.of(Names.ECI, "true")));
        assertThat(shownInUnit1()).isZero();
    }

    private int shownInUnit1() {
        bench.advance(Duration.ofMinutes(1));
        var written = bench.writes(ClusterWrite.WritePolicyStatus.class).getLast();
        return written.status().units().getFirst().count();
    }

    @Test
    void ofPodsCountedAnewNobodyIsLetInBeforeTheLastIsCounted() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(aPolicy(ecs("a").max(2), ecs("b").max(1)));
        for (int i = 0; i < 4; i++) {
            bench.placed(bench.web()); // the fourth waits
        }
        declare(aPolicy(ecs("b").max(1), ecs("a").max(2)).generation(2));
        assertThat(bench.api.pods.values().stream().filter(pod -> pod.node() == null))
                .hasSize(1);
    }

    @Test
    void aNodeThatGetsOtherLabelsTakesItsPodsAlong() {
        bench.node("x1", "x", 10);
        bench.node("a1", "a", 10);
        bench.create(bench.web().boundTo("x1"));
        declare(aPolicy(ecs("a").max(1), acs("region-a")));
        bench.node("x1", "a", 10);
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);
    }

    @Test
    void aPinnedPodOlderThanThePolicyIsRankedByItsRegionAtOnce() { // Q16
        var pinned = bench.placed(bench.pinned("svc", "web", Names.REGION_ID, "region-a"));
        assertThat(cost(pinned)).isEqualTo("none");

        var policy = aPolicy(acs("region-b"), acs("region-a"));
        declare(policy);

        assertThat(cost(pinned)).isEqualTo("1900");
        restartWith(policy);
        assertThat(cost(pinned)).isEqualTo("1900");
    }

    @Test
    void aSteeredPodHasNoRankBeforeAndAfterARestart() { // E28
        var steered = bench.placed(bench.pinned("svc", "web", Names.ECI, "true"));
        var policy = aPolicy(acs("region-b"));
        declare(policy);
        bench.update(bench.like(steered).phase(Pod.Phase.RUNNING));
        bench.settle();
        assertThat(cost(steered)).isEqualTo("none");

        restartWith(policy);

        assertThat(cost(steered)).isEqualTo("none");
    }

    @Test
    void anInstanceBoughtForAnotherPolicyOfTheNameIsNotTakenForAUnitOfThisOne() {
        bench.api.onBind = bind -> new WriteAnswer.Unknown("timeout");
        var gold = acs("region-b").max(1).podLabels("tier", "gold");
        declare(aPolicy(acs("region-a")));
        var pod = bench.placed(bench.web());
        bench.api.onBind = bench.api::bind;

        restartWith(aPolicy(gold, acs("region-a")).anew(100));

        assertThat(bench.nodeOf(pod)).isEqualTo(VIRTUAL);
        assertThat(bench.current(pod).labels().get("tier")).isNull();
        bench.stock("region-b", 1);
        assertThat(whereOneMoreGoes()).isEqualTo("virtual-kubelet-region-b-1"); // its cap of 1 is free
    }
}
