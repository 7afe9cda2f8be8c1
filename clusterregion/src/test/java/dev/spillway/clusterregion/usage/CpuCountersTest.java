package dev.spillway.clusterregion.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.usage.CpuCounters.Reported;
import dev.spillway.core.model.InstanceId;
import dev.spillway.regions.running.ContainerUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CpuCountersTest {
    private static final InstanceId POD = new InstanceId("i-1");
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
    private static final long HALF_A_CORE = 500_000_000;
    private static final long SECOND = 1_000_000_000;

    private final CpuCounters counters = new CpuCounters();

    private long cpu(long startSecond, long atSecond, long nanoCores) {
        return take(startSecond, atSecond, nanoCores).cpuNanos();
    }

    private ContainerUsage take(long startSecond, long atSecond, long nanoCores) {
        var report = new Reported("main", START.plusSeconds(startSecond), START.plusSeconds(atSecond), nanoCores, 7);
        var usages = counters.take(Map.of(POD, List.of(report)), Set.of(POD));
        assertThat(usages).containsOnlyKeys(POD);
        return usages.getOrDefault(POD, List.of()).getFirst();
    }

    @Test
    void aRateWorkedOutAgainIsTheRateThatWasReported() {
        var first = take(0, 100, HALF_A_CORE);
        var second = take(0, 115, HALF_A_CORE / 2);
        var third = take(0, 145, HALF_A_CORE);

        assertThat(second.cpuNanos() - first.cpuNanos()).isEqualTo(15 * SECOND / 4);
        assertThat(third.cpuNanos() - second.cpuNanos()).isEqualTo(30 * SECOND / 2);
        assertThat(third)
                .isEqualTo(new ContainerUsage("main", START, START.plusSeconds(145), third.cpuNanos(), HALF_A_CORE, 7));
    }

    @Test
    void aCounterBeginsWithWhatIsKnownOfTheTimeSinceItsStart() {
        assertThat(cpu(0, 12, HALF_A_CORE)).isEqualTo(6 * SECOND);
        assertThat(cpu(20, 86_400, HALF_A_CORE)).isEqualTo(30 * SECOND); // nobody knows what was a day ago
    }

    @Test
    void whatIdlesHasUsedSomeAndUsesNoMore() {
        long first = cpu(0, 12, 0);
        assertThat(first).isPositive();
        assertThat(cpu(0, 27, 0)).isEqualTo(first);
    }

    @Test
    void aReportThatIsNoNewerChangesNothing() {
        var first = take(0, 30, HALF_A_CORE);
        assertThat(take(0, 30, HALF_A_CORE)).isEqualTo(first);
        assertThat(take(0, 20, 2 * HALF_A_CORE)).isEqualTo(first);
    }

    @Test
    void aNewStartBeginsANewCounter() {
        assertThat(cpu(0, 60, HALF_A_CORE)).isEqualTo(30 * SECOND);
        assertThat(cpu(70, 80, HALF_A_CORE)).isEqualTo(5 * SECOND);
    }

    @Test
    void aCounterOutlivesReportsWithoutItButNotItsPod() {
        assertThat(cpu(0, 60, HALF_A_CORE)).isEqualTo(30 * SECOND);
        assertThat(counters.take(Map.of(), Set.of(POD))).isEmpty();
        assertThat(cpu(0, 80, HALF_A_CORE)).isEqualTo(40 * SECOND);
        assertThat(counters.take(Map.of(), Set.of())).isEmpty();
        assertThat(cpu(0, 90, HALF_A_CORE)).isEqualTo(30 * SECOND);
    }

    @Test
    void absurdRatesSaturate() {
        cpu(0, 60, 1);
        assertThat(cpu(0, 10_000_000_000L, 1_000_000_000_000_000L)).isEqualTo(Long.MAX_VALUE);
    }
}
