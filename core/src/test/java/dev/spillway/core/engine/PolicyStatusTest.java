package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a policy's status says of mistakes that its pods meet, and of the nodes of its units. */
final class PolicyStatusTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private PolicyStatus status(String policy) {
        bench.advance(Duration.ofSeconds(30));
        return bench.writes(ClusterWrite.WritePolicyStatus.class).stream()
                .filter(write -> write.policy().equals(new PolicyKey("demo", policy)))
                .reduce((first, last) -> last)
                .orElseThrow()
                .status();
    }

    /** The condition's reason where it is False, "" where it is True, and the message after it. */
    private String mistakes(String policy) {
        var verdict = Objects.requireNonNull(status(policy).consistent());
        return verdict.status() ? verdict.message() : verdict.reason() + " | " + verdict.message();
    }

    private void declare(UnitBuilder... units) {
        bench.declare(aPolicy(units));
        bench.settle();
    }

    private static UnitBuilder acsWith(String key, String value) {
        return acs("region-a").podLabels(key, value);
    }

    @Test
    void twoPoliciesThatSelectOnePodBothSaySo() {
        bench.declare(aPolicy(acs("region-a")));
        bench.declare(aPolicy(acs("region-b")).named("q"));
        var first = bench.create(bench.web());
        bench.create(bench.web());

        for (var name : List.of("p", "q")) {
            assertThat(mistakes(name))
                    .isEqualTo(
                            "PolicyConflict | PolicyConflict (2 pods): policies p, q all select the pod: narrow their"
                                    + " selectors so that one does.");
        }

        bench.delete(first);
        bench.send(new Event.PolicyGone(new PolicyKey("demo", "q")));
        assertThat(mistakes("p")).isEmpty();
    }

    @Test
    void anUnknownRegionShowsBeforeTheFirstPodAndIsGoneWithTheMistake() {
        declare(acs("nowhere"), acs("region-b"));
        assertThat(mistakes("p"))
                .isEqualTo(
                        "UnknownRegion | unit 1: UnknownRegion (no pod yet): region 'nowhere' does not exist, declared"
                                + " are region-a, region-b.");

        bench.stock("region-b", 1);
        bench.create(bench.web());
        assertThat(mistakes("p")).startsWith("UnknownRegion | unit 1: UnknownRegion (1 pod): ");

        bench.region(aRegion("nowhere"));
        assertThat(mistakes("p")).isEmpty();
    }

    @Test
    void aGpuModelThatNobodyDeclaresAndAClassThatNobodyServes() {
        var m1Only = new Region.OfferRule(List.of(), "gpu", "default", "m1", false);
        bench.declare(aRegion("region-a").asDefault().generation(2).offers(m1Only));
        declare(acsWith(Names.GPU_MODEL, "m9"), acsWith(Names.COMPUTE_CLASS, "gpu-hpn"));
        bench.create(bench.web());

        assertThat(mistakes("p"))
                .startsWith("NotDeclared | unit 1: NotDeclared (1 pod): region region-a does not declare GPU model m9")
                .contains("; unit 2: ReservedOnly (1 pod): compute class gpu-hpn");
    }

    @Test
    void aSoldOutOfferIsNoMistake() {
        declare(acs("region-a"));
        bench.create(bench.web());

        assertThat(mistakes("p")).isEmpty();
    }

    @Test
    void labelsThatWouldTakeAPodFromItsOwnerCountAlsoWhereTheNextUnitTakesIt() {
        bench.api.onSelector = read -> new SelectorAnswer.Found(List.of(
                new LabelRequirement(Names.COMPUTE_CLASS, LabelRequirement.Operator.DOES_NOT_EXIST, List.of())));
        bench.node("n1", "a", 1);
        declare(acs("region-a"), ecs("a"));
        var owned = bench.create(bench.web().ownedBy(new Owner("apps/v1", "ReplicaSet", "web", "u")));

        assertThat(mistakes("p")).startsWith("SelectorRewritten | unit 1: SelectorRewritten (1 pod): ");
        assertThat(bench.nodeOf(owned)).isEqualTo("n1");

        bench.send(new Event.RegionGone(new RegionId("region-b")));
        assertThat(mistakes("p")).startsWith("SelectorRewritten");
        bench.declare(aPolicy(ecs("a")).generation(2));
        assertThat(mistakes("p")).isEmpty();
    }

    @Test
    void eachUnitShowsHowManyNodesItHas() {
        bench.node("n1", "a", 1);
        bench.node("n2", "a", 1);
        declare(ecs("a"), ecs("lost"), acs("region-a"));
        assertThat(status("p").units())
                .extracting(PolicyStatus.UnitCount::nodes)
                .containsExactly(2, 0, 1);

        bench.node("n3", "lost", 1);
        assertThat(status("p").units())
                .extracting(PolicyStatus.UnitCount::nodes)
                .containsExactly(2, 1, 1);
    }

    @Test
    void aPolicyThatCannotBeUsedShowsNoUnitAsIfItWereCounted() {
        declare(ecs("a").max(-1));

        assertThat(status("p").ready().reason()).isEqualTo("Invalid");
        assertThat(status("p").units()).isEmpty();
        assertThat(status("p").consistent()).isNull();
    }
}
