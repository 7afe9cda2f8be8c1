package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.anew;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who counts in a unit, and by which unit a pod is ranked: what matches the policy and stands there (E35 to E37, Q13, Q16). */
class CountingTest {
    private static final String VIRTUAL = "virtual-kubelet-region-a-1";

    private final TestBench bench = new TestBench().withTwoRegions();

    CountingTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock.put("region-a", 9);
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.settle();
        return bench.current(pod);
    }

    private String whereOneMoreGoes() {
        return String.valueOf(placed(bench.web()).node());
    }

    private void declare(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.settle();
    }

    private void drop(String name) {
        bench.send(new Event.PolicyGone(new PolicyKey("demo", name)));
        bench.settle();
    }

    private String cost(Pod pod) {
        return bench.current(pod).annotations().getOr(Names.DELETION_COST, "none");
    }

    private static Policy selecting(Policy policy, Labels selector) {
        return new Policy(
                policy.key(),
                policy.uid(),
                policy.generation(),
                policy.createdSeconds(),
                selector,
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                policy.problem());
    }

    /** What another process finds that knows nothing but the cluster. */
    private void restartWith(Policy... policies) {
        bench.restart();
        bench.region("region-a", true);
        bench.region("region-b", false);
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        for (var policy : policies) {
            bench.send(new Event.PolicySeen(policy));
        }
        bench.pods.values().forEach(pod -> bench.send(new Event.PodSeen(pod)));
        bench.listed();
        bench.advance(Duration.ofMinutes(1));
    }

    @Test
    void podsOfADeletedPolicyCountForTheOneThatSpeaksForThemNow() {
        bench.node("a1", "a", 10);
        declare(policy("p1", 1, ecs("a", 2), acs("region-a")));
        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("a1");

        drop("p1");
        declare(policy("p2", 1, ecs("a", 2), acs("region-a")));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly(VIRTUAL);
    }

    @Test
    void anotherPolicyOfTheNameDoesNotTrustPositionsOfTheOneBefore() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(policy(ecs("a", 2), ecs("b", null)));
        var old = List.of(placed(bench.web()), placed(bench.web()));
        assertThat(old).allMatch(pod -> "a1".equals(bench.nodeOf(pod)));

        drop("p");
        declare(anew(policy(ecs("b", 2), ecs("a", null)), 100));

        assertThat(whereOneMoreGoes()).isEqualTo("b1");
        assertThat(old).allMatch(pod -> cost(pod).equals("1900")); // by where they stand, Q16
    }

    @Test
    void anotherPolicyOfTheNameIsToldApartAlsoWhereOnlyTheNewOneIsSeen() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(policy(ecs("a", 2), ecs("b", null)));
        whereOneMoreGoes();
        whereOneMoreGoes();

        declare(anew(policy(ecs("b", 2), ecs("a", null)), 100));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("b1");
        assertThat(whereOneMoreGoes()).isEqualTo("a1");
    }

    @Test
    void podsThatAnEarlierReleasePlacedCarryNoUidAndCountByName() {
        bench.node("a1", "a", 10);
        var web = bench.web();
        var annotations = Labels.of(
                Names.POLICY, "p", Names.POLICY_GENERATION, "1", Names.UNIT, "1", Names.DELETION_COST, "2000");
        // On a node that has lost the unit's label since: only the annotation says where it counts.
        bench.node("x1", "x", 10);
        bench.create(TestBench.copy(web, new NodeName("x1"), web.labels(), annotations, Pod.Phase.RUNNING, false));
        declare(policy(ecs("a", 1), acs("region-a")));
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);
    }

    @Test
    void aPodOnItsWayCountsWhereItIsGoingToBeWhenThePolicyChangesMeanwhile() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(policy("p", 1, ecs("a", 2), ecs("b", null)));
        bench.onBind = bind -> new WriteAnswer.Unknown("timeout");
        placed(bench.web());
        placed(bench.web());
        bench.onBind = bench::bind;

        declare(policy("p", 2, ecs("b", 2), ecs("a", null)));

        assertThat(List.of(whereOneMoreGoes(), whereOneMoreGoes())).containsOnly("b1");
    }

    @Test
    void groupsAreThoseOfTheLabelsThatTheUnitWrites() {
        bench.node("a1", "a", 10);
        declare(with(
                policy(ecs("a", 1, ResourceList.EMPTY, Labels.of("tier", "gold")), acs("region-a")),
                new CountRule(false, true, List.of("tier")),
                WhenTryNextUnits.DEFAULT));
        for (int i = 0; i < 4; i++) {
            bench.create(bench.pod(Labels.of("svc", "web", "tier", "silver")));
        }
        bench.settle();
        assertThat(bench.pods.values().stream().map(bench::nodeOf)).containsExactly("a1", VIRTUAL, VIRTUAL, VIRTUAL);
    }

    @Test
    void aLabelThatTheUnitWritesOverTheSelectorsDoesNotHideItsPods() {
        bench.node("a1", "a", 10);
        declare(selecting(
                policy(ecs("a", 1, ResourceList.EMPTY, Labels.of("tier", "gold")), acs("region-a")),
                Labels.of("tier", "silver")));
        var silver = Labels.of("svc", "web", "tier", "silver");
        assertThat(placed(bench.pod(silver)).labels().get("tier")).isEqualTo("gold");
        assertThat(placed(bench.pod(silver)).node()).hasToString(VIRTUAL);
    }

    @Test
    void podsThatThePolicyDoesNotSpeakForDoNotCount() { // Q13
        bench.node("a1", "a", 10);
        bench.create(bench.pod(Labels.of("svc", "web", Names.ECI, "true")).on(new NodeName("a1")));
        bench.create(bench.pod(Labels.of("svc", "other")).on(new NodeName("a1")));
        declare(policy("p", 1, ecs("a", 1), acs("region-a")));
        assertThat(whereOneMoreGoes()).isEqualTo("a1");
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);

        declare(selecting(policy("p", 2, ecs("a", 1), acs("region-a")), Labels.of("app", "new")));
        assertThat(placed(bench.pod(Labels.of("app", "new"))).node()).hasToString("a1");
    }

    @Test
    void aNamespaceThatIsSteeredPastPoliciesStopsCounting() {
        bench.node("a1", "a", 10);
        declare(policy(ecs("a", 1), acs("region-a")));
        whereOneMoreGoes();
        assertThat(shownInUnit1()).isEqualTo(1);
        bench.send(new Event.NamespaceSeen("demo", Labels.of(Names.ECI, "true")));
        assertThat(shownInUnit1()).isZero();
    }

    private int shownInUnit1() {
        bench.advance(Duration.ofMinutes(1));
        var written = bench.effects(Effect.WritePolicyStatus.class).getLast();
        return written.status().units().getFirst().count();
    }

    @Test
    void ofPodsCountedAnewNobodyIsLetInBeforeTheLastIsCounted() {
        bench.node("a1", "a", 10);
        bench.node("b1", "b", 10);
        declare(policy("p", 1, ecs("a", 2), ecs("b", 1)));
        for (int i = 0; i < 4; i++) {
            placed(bench.web()); // the fourth waits
        }
        declare(policy("p", 2, ecs("b", 1), ecs("a", 2)));
        assertThat(bench.pods.values().stream().filter(pod -> pod.node() == null))
                .hasSize(1);
    }

    @Test
    void aNodeThatGetsOtherLabelsTakesItsPodsAlong() {
        bench.node("x1", "x", 10);
        bench.node("a1", "a", 10);
        bench.create(bench.web().on(new NodeName("x1")));
        declare(policy(ecs("a", 1), acs("region-a")));
        bench.node("x1", "a", 10);
        assertThat(whereOneMoreGoes()).isEqualTo(VIRTUAL);
    }

    @Test
    void aPinnedPodOlderThanThePolicyIsRankedByItsRegionAtOnce() { // Q16
        var pinned = placed(bench.pinned("svc", "web", Names.REGION_ID, "region-a"));
        assertThat(cost(pinned)).isEqualTo("none");

        var policy = policy(acs("region-b"), acs("region-a"));
        declare(policy);

        assertThat(cost(pinned)).isEqualTo("1900");
        restartWith(policy);
        assertThat(cost(pinned)).isEqualTo("1900");
    }

    @Test
    void aSteeredPodHasNoRankBeforeAndAfterARestart() { // E28
        var steered = placed(bench.pinned("svc", "web", Names.ECI, "true"));
        var policy = policy(acs("region-b"));
        declare(policy);
        bench.update(bench.current(steered).in(Pod.Phase.RUNNING));
        bench.settle();
        assertThat(cost(steered)).isEqualTo("none");

        restartWith(policy);

        assertThat(cost(steered)).isEqualTo("none");
    }

    @Test
    void anInstanceBoughtForAnotherPolicyOfTheNameIsNotTakenForAUnitOfThisOne() {
        bench.onBind = bind -> new WriteAnswer.Unknown("timeout");
        var gold = TestBench.labelling(acs("region-b", 1), "tier", "gold");
        declare(policy(acs("region-a")));
        var pod = placed(bench.web());
        bench.onBind = bench::bind;

        restartWith(anew(policy(gold, acs("region-a")), 100));

        assertThat(bench.nodeOf(pod)).isEqualTo(VIRTUAL);
        assertThat(bench.current(pod).labels().get("tier")).isNull();
        bench.stock.put("region-b", 1);
        assertThat(whereOneMoreGoes()).isEqualTo("virtual-kubelet-region-b-1"); // its cap of 1 is free
    }
}
