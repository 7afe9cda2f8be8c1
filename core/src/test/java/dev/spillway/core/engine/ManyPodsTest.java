package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand pods learn from one another (R22.7). */
class ManyPodsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    @Test
    void soldOutRegionIsAskedAtMostSixteenTimesAndThenTwicePerPeriod() {
        bench.stock("region-b", 2000);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.create(1000, bench::web);
        bench.settle();
        assertThat(bench.asked().stream().filter("region-a"::equals).count()).isLessThanOrEqualTo(16);
        assertThat(bench.api.pods.values()).allMatch(pod -> pod.node() != null);
    }

    @Test
    void waitingPodsProbeOneAtATimeAndThenFlow() {
        bench.declare(aPolicy(acs("region-a")));
        bench.create(100, bench::web);
        bench.settle();
        int first = bench.asked().size();
        assertThat(first).isLessThanOrEqualTo(8);
        bench.advance(Duration.ofSeconds(18)); // 15 s, at most 20 % later
        assertThat(bench.asked().size() - first).isBetween(1, 2);

        bench.stock("region-a", 100);
        bench.advance(Duration.ofMinutes(4));
        assertThat(bench.api.pods.values()).allMatch(pod -> pod.node() != null);
    }

    /** A region takes 1024 requests at once; another offer of it has none in flight whose answer could wake its pods. */
    @Test
    void whoStandsFirstAmongThoseThatARegionKeepsBackIsAskedForFirst() {
        bench.stock("region-a", 5000);
        bench.create(8, bench::pinned); // so that its offer may be asked for without limit
        bench.settle();
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        bench.create(1024, bench::pinned);
        var other = bench.create(bench.pinned(Names.GPU_MODEL, "m2"));
        bench.create(5, bench::pinned); // they stand behind it
        bench.settle();
        assertThat(asksFor(other)).isEmpty();

        var first = bench.effects(Effect.Acquire.class).get(8);
        bench.send(new Event.AcquireAnswered(first, bench.regions.onAcquire.apply(first)));
        bench.settle();

        assertThat(asksFor(other)).hasSize(1);
    }

    private List<Effect.Acquire> asksFor(Pod pod) {
        return bench.effects(Effect.Acquire.class).stream()
                .filter(ask -> ask.request().tags().podUid().equals(pod.uid()))
                .toList();
    }

    @Test
    void everyWaitingPodSaysWhyAtMostEveryTenSeconds() {
        bench.declare(aPolicy(acs("region-a")));
        bench.create(50, bench::web);
        bench.advance(Duration.ofMinutes(10));
        var explains = bench.writes(ClusterWrite.Explain.class);
        var told =
                new HashSet<>(explains.stream().map(ClusterWrite.Explain::uid).toList());
        assertThat(told).hasSize(50);
        assertThat(explains.size()).isLessThanOrEqualTo(50 * 60);
    }

    @Test
    void sameEventsGiveTheSameEffects() {
        assertThat(run()).isEqualTo(run());
    }

    private static List<Effect> run() {
        var bench = new TestBench().withTwoRegions();
        bench.stock("region-a", 3);
        bench.stock("region-b", 7);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.create(30, bench::web);
        bench.advance(Duration.ofMinutes(5));
        return bench.log;
    }
}
