package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R22.11: what one pod needs could not be had at home. That concerns this pod alone, for now, and no region. */
class UnpreparedTest {
    private static final String WHY =
            "the home cluster gave no secrets/keys: it answered 500: etcdserver: request timed out";

    private final TestBench bench = new TestBench().withTwoRegions();

    /** Names of pods that cannot be prepared for region-a. */
    private final Set<String> unprepared = new HashSet<>();

    @BeforeEach
    void setUp() {
        bench.stock("region-a", 5);
        bench.stock("region-b", 5);
        bench.regions.onAcquire = ask -> ask.region().value().equals("region-a")
                        && unprepared.contains(ask.request().tags().pod().name())
                ? new AcquireAnswer.Refused(new Refusal.Unprepared(WHY))
                : bench.regions.sell(ask);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.settle();
    }

    private Pod unprepared() {
        var pod = bench.web();
        unprepared.add(pod.build().key().name());
        return bench.placed(pod);
    }

    private List<Effect.Acquire> asksFor(Pod pod) {
        return bench.effects(Effect.Acquire.class).stream()
                .filter(ask -> ask.request().tags().podUid().equals(pod.uid()))
                .toList();
    }

    @Test
    void othersHearNothingOfItAndAreServedByTheRegionAtOnce() {
        unprepared();

        var other = bench.placed(bench.web());
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(other)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.writes(ClusterWrite.WriteRegionStatus.class))
                .isNotEmpty()
                .allSatisfy(write -> assertThat(write.toString()).doesNotContain("secrets/keys"));
        assertThat(bench.explanation(other)).isEmpty();
    }

    /** The second unit would need the same from the same home cluster. */
    @Test
    void thePodStaysIsToldWhyAndGetsOneInstanceWhereItWasToGo() {
        var pod = unprepared();
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.asked()).doesNotContain("region-b");
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.explanation(pod))
                .contains("unit 1 (acs region-a", "Unprepared: region region-a was not asked", WHY, "next try at")
                .contains("NotReached");

        unprepared.clear();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.regions.instances).hasSize(1);
        assertThat(asksFor(pod).stream().map(ask -> ask.request().token()).distinct())
                .as("a refusal has made nothing, so the token is still good")
                .hasSize(1);
    }

    /** 1 s, 2 s, 4 s ... 1 min: within 2 min after 0, 1, 3, 7, 15, 31, 63 s. */
    @Test
    void itIsTriedAgainAfterAPauseThatDoublesAndNothingIsLookedUp() {
        var pod = unprepared();
        bench.advance(Duration.ofMinutes(2));

        assertThat(asksFor(pod)).hasSize(7);
        assertThat(bench.effects(Effect.Find.class)).isEmpty();
    }

    @Test
    void aMomentOfItIsNotWrittenAnywhere() {
        var pod = unprepared();
        unprepared.clear();
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.writes(ClusterWrite.Explain.class)).isEmpty();
        assertThat(bench.warnings()).isEmpty();
    }

    @Test
    void aUnitThatIsSoldOutByThenIsLeftAsEver() {
        var pod = unprepared();
        bench.stock("region-a", 0);
        bench.placed(bench.web()); // finds out
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void whoIsDeletedMeanwhileLeavesNothing() {
        var pod = unprepared();
        bench.delete(pod);
        bench.advance(Duration.ofMinutes(2));

        assertThat(asksFor(pod)).hasSize(1);
        assertThat(bench.regions.instances).isEmpty();
    }

    /** Of many alike, each is told by its own; what is said of one does not hold for its equals. */
    @Test
    void equalPodsThatArePreparedDoNotWaitForOneThatIsNot() {
        var pod = unprepared();
        var others = bench.create(4, bench::web);
        bench.advance(Duration.ofSeconds(1));

        assertThat(others).allSatisfy(other -> assertThat(bench.nodeOf(other)).isEqualTo("virtual-kubelet-region-a-1"));
        assertThat(bench.nodeOf(pod)).isNull();
    }
}
