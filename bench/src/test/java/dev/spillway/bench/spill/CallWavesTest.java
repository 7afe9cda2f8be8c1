package dev.spillway.bench.spill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.simulated.AcquireCall;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CallWavesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final RegionId REGION = new RegionId("r");

    @Test
    void callsCloseTogetherAreOneWave() {
        var waves = CallWaves.of(REGION, List.of(call("z1", 0), call("z1", 5_900), call("z1", 12_000)));

        assertThat(waves.beforeKnown()).isEqualTo(2);
        assertThat(waves.inLaterPeriods()).containsExactly(1);
    }

    @Test
    void zonesHaveWavesOfTheirOwnAndAddUp() {
        var waves = CallWaves.of(
                REGION,
                List.of(
                        call("z1", 0),
                        call("z2", 10),
                        call("z1", 20),
                        call("z2", 13_000),
                        call("z1", 17_000),
                        call("z1", 47_000)));

        assertThat(waves.beforeKnown()).isEqualTo(3);
        assertThat(waves.inLaterPeriods()).containsExactly(2, 1);
    }

    @Test
    void otherRegionsDoNotCount() {
        var waves = CallWaves.of(new RegionId("other"), List.of(call("z1", 0)));

        assertThat(waves.beforeKnown()).isZero();
        assertThat(waves.inLaterPeriods()).isEmpty();
    }

    private static AcquireCall call(String zone, long atMillis) {
        return new AcquireCall(
                1,
                START.plusMillis(atMillis),
                new Offer(REGION, new ZoneId(zone), "gpu", "default", "m", false),
                new PodUid("uid"),
                AcquireCall.Outcome.OUT_OF_STOCK,
                null);
    }
}
