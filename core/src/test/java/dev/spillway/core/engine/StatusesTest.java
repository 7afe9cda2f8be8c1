package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the status of Regions and policies shows, and how soon. */
class StatusesTest {
    private static final RegionId REGION = new RegionId("region-a");

    private final TestBench bench = new TestBench().withTwoRegions();

    private RegionStatus.Verdict reachable() {
        return bench.writes(ClusterWrite.WriteRegionStatus.class).stream()
                .filter(write -> write.region().equals(REGION))
                .toList()
                .getLast()
                .status()
                .reachable();
    }

    @Test
    void aRegionThatGoesAwayIsShownWithinSecondsThoughNobodyAsksItForAnything() {
        bench.advance(Duration.ofMinutes(5));
        assertThat(reachable().status()).isTrue();

        bench.regions.onList = list -> new ListAnswer.Unknown("connection refused");
        bench.send(new Event.RegionDisturbed(REGION, "connection refused"));
        bench.advance(Duration.ofSeconds(5));

        assertThat(reachable()).isEqualTo(new RegionStatus.Verdict(false, "NoList", "connection refused"));
    }

    @Test
    void aHiccupOfAWatchIsNotShown() {
        bench.advance(Duration.ofMinutes(5));
        int lists = bench.effects(Effect.ListInstances.class).size();

        for (int i = 0; i < 20; i++) {
            bench.send(new Event.RegionDisturbed(REGION, "connection reset"));
        }
        bench.advance(Duration.ofSeconds(5));

        assertThat(reachable().status()).isTrue();
        assertThat(bench.effects(Effect.ListInstances.class)).as("lists").hasSize(lists + 1);
    }

    @Test
    void aRegionThatThrottlesListsIsReachable() {
        bench.regions.onList = list -> new ListAnswer.Throttled("too many calls");
        bench.advance(Duration.ofMinutes(5));
        assertThat(reachable().status()).isTrue();
    }

    @Test
    void aRegionThatThrottlesAcquiresIsReachableAndSaysThatItThrottles() {
        bench.regions.onAcquire =
                ask -> new AcquireAnswer.Refused(new Refusal.Throttled(Duration.ofMinutes(1), "slow down"));
        bench.create(bench.pinned());
        bench.advance(Duration.ofSeconds(20));
        assertThat(reachable()).isEqualTo(new RegionStatus.Verdict(true, "Throttled", "slow down"));
    }

    @Test
    void aRegionThatIsBackIsShownThoughNobodyAsksItForAnything() {
        bench.regions.onAcquire = ask -> new AcquireAnswer.Unknown("no answer within 10000 ms");
        bench.regions.onFind = find -> new FindAnswer.NotFound();
        var pod = bench.create(bench.pinned());
        bench.advance(Duration.ofSeconds(1));
        assertThat(reachable().reason()).isEqualTo("NoAnswer");

        bench.delete(pod);
        bench.advance(Duration.ofMinutes(2));

        assertThat(reachable()).isEqualTo(new RegionStatus.Verdict(true, "Answering", ""));
    }

    private int placed() {
        return bench.writes(ClusterWrite.WritePolicyStatus.class).getLast().status().units().stream()
                .mapToInt(PolicyStatus.UnitCount::count)
                .sum();
    }

    @Test
    void aPolicyShowsTheFirstPodWithinASecond() {
        bench.stock("region-a", 200);
        bench.declare(aPolicy(acs("region-a")));
        bench.advance(Duration.ofMinutes(5));

        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(1));

        assertThat(placed()).isEqualTo(1);
    }

    @Test
    void aPolicyWhosePodsKeepComingIsWrittenSeldom() {
        bench.stock("region-a", 200);
        bench.declare(aPolicy(acs("region-a")));
        bench.advance(Duration.ofMinutes(5));
        int before = bench.writes(ClusterWrite.WritePolicyStatus.class).size();

        for (int i = 0; i < 120; i++) {
            bench.create(bench.web());
            bench.advance(Duration.ofSeconds(1));
        }

        assertThat(bench.writes(ClusterWrite.WritePolicyStatus.class).size() - before)
                .as("writes in two minutes")
                .isLessThan(18);
    }
}
