package dev.spillway.regions.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One region on a clock that tests move, and short ways to ask it. */
abstract class SimulatedRegionsCase {
    static final RegionId REGION = new RegionId("region-a");
    static final List<ZoneId> ZONES = List.of(new ZoneId("region-a-1"), new ZoneId("region-a-2"));
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    static final int CHANGES_KEPT = 40;

    final SimulatedRegions regions = new SimulatedRegions("i", CHANGES_KEPT);
    Instant now = START;

    static StockLine stock(String gpuModel, int instances) {
        return line(OfferSelector.ofModel(gpuModel), instances);
    }

    static StockLine line(OfferSelector offers, int instances) {
        return new StockLine(offers, new StockScript.Constant(instances));
    }

    final void define(StockLine... lines) {
        regions.define(REGION, new RegionDefinition(ZONES, List.of(), List.of(lines), Behaviour.DEFAULT), now);
    }

    final void pass(Duration time) {
        now = now.plus(time);
        regions.advance(now);
    }

    final Reply<AcquireAnswer> acquire(AcquireRequest request) {
        return regions.acquire(request, now);
    }

    final Instance accepted(AcquireRequest request) {
        AcquireAnswer answer = acquire(request).answer();
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }

    final Refusal refusal(AcquireRequest request) {
        AcquireAnswer answer = acquire(request).answer();
        assertThat(answer).isInstanceOf(AcquireAnswer.Refused.class);
        return ((AcquireAnswer.Refused) answer).refusal();
    }

    final TerminateAnswer terminate(InstanceId instance) {
        return regions.terminate(REGION, "cluster-1", instance, now).answer();
    }

    final Instance described(InstanceId instance) {
        return ((FindAnswer.Found)
                        regions.describe(REGION, "cluster-1", instance, now).answer())
                .instance();
    }

    final List<Instance> listed() {
        return ((ListAnswer.Complete) regions.list(REGION, "cluster-1", now).answer()).instances();
    }

    final Happening.Result happen(InstanceId instance, Happening happening) {
        return regions.happen(REGION, instance, happening, now);
    }
}
