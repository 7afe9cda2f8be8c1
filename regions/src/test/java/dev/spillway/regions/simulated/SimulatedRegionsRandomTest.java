package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SimulatedRegionsRandomTest {
    /** Whatever is asked in whatever order, what holds capacity is counted right, and the same calls give the same answers. */
    @Test
    void randomCallsKeepTheBooksAndAreRepeatable() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(randomRun(seed)).as("seed %d", seed).isEqualTo(randomRun(seed));
        }
    }

    private static List<String> randomRun(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedRegions regions = new SimulatedRegions("i", SimulatedRegionsCase.CHANGES_KEPT);
        Behaviour behaviour = new Behaviour(
                Behaviour.Delays.DEFAULT,
                new Behaviour.Faults(100, 200),
                new Outage.None(),
                Duration.ZERO,
                8,
                Duration.ofSeconds(3),
                seed);
        regions.define(
                SimulatedRegionsCase.REGION,
                new RegionDefinition(
                        SimulatedRegionsCase.ZONES,
                        List.of(),
                        List.of(SimulatedRegionsCase.stock("L20", 4), SimulatedRegionsCase.line(OfferSelector.ANY, 6)),
                        behaviour),
                SimulatedRegionsCase.START);
        List<String> trace = new ArrayList<>();
        Instant now = SimulatedRegionsCase.START;
        for (int step = 0; step < 150; step++) {
            now = now.plusMillis(random.nextInt(300));
            List<HistoryEntry> ever = regions.history();
            switch (random.nextInt(4)) {
                case 0, 1 ->
                    trace.add(regions.acquire(
                                    requestFor("pod-" + random.nextInt(60))
                                            .gpuModel(random.nextBoolean() ? "L20" : "H20")
                                            .restartPolicy(PodSpec.RestartPolicy.NEVER)
                                            .build(),
                                    now)
                            .toString());
                case 2 -> {
                    if (!ever.isEmpty()) {
                        InstanceId id =
                                ever.get(random.nextInt(ever.size())).instance().id();
                        trace.add(regions.terminate(SimulatedRegionsCase.REGION, "cluster-1", id, now)
                                .toString());
                    }
                }
                default ->
                    regions.setStock(SimulatedRegionsCase.REGION, OfferSelector.ofModel("L20"), random.nextInt(6), now);
            }
            long live = regions.history().stream()
                    .filter(entry -> entry.instance().state().isLive())
                    .count();
            long held = regions.stock(SimulatedRegionsCase.REGION, now).stream()
                    .mapToLong(StockLevel::held)
                    .sum();
            assertThat(held).as("seed %d, step %d", seed, step).isEqualTo(live).isLessThanOrEqualTo(8);
            assertThat(regions.history())
                    .allMatch(entry -> (entry.releasedAt() == null)
                            == entry.instance().state().isLive());
        }
        return trace;
    }
}
