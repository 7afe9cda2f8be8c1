package dev.spillway.bench.spill;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.simulated.AcquireCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The calls of acquire that a sold-out region got, zone by zone, in waves: the first wave is before the zone was known as sold
 * out, each later one is what a sold-out period cost. A sold-out period is never shorter than 12 s (15 s less 20 %), so calls that follow
 * one another faster than {@link #GAP} belong together.
 *
 * @param zones in order of their ids
 */
record CallWaves(List<Zone> zones) {
    static final Duration GAP = Duration.ofSeconds(6);

    /** The waves of a zone, in order. */
    record Zone(ZoneId zone, List<Wave> waves) {}

    /** Calls that follow one another closely, at least one. */
    record Wave(Instant first, Instant last, int calls) {
        private Wave and(Instant call) {
            return new Wave(first, call, calls + 1);
        }
    }

    /** The waves of one region among calls in order of time. */
    static CallWaves of(RegionId region, List<AcquireCall> calls) {
        var byZone = new TreeMap<ZoneId, List<Wave>>();
        for (var call : calls) {
            if (!call.offer().region().equals(region)) {
                continue;
            }
            var waves = byZone.computeIfAbsent(call.offer().zone(), zone -> new ArrayList<>());
            var latest = waves.isEmpty() ? null : waves.getLast();
            if (latest == null || Duration.between(latest.last(), call.at()).compareTo(GAP) > 0) {
                waves.add(new Wave(call.at(), call.at(), 1));
            } else {
                waves.set(waves.size() - 1, latest.and(call.at()));
            }
        }
        var zones = new ArrayList<Zone>();
        byZone.forEach((zone, waves) -> zones.add(new Zone(zone, List.copyOf(waves))));
        return new CallWaves(List.copyOf(zones));
    }

    /** Calls of all zones before each was known as sold out. */
    int beforeKnown() {
        return zones.stream().mapToInt(zone -> zone.waves().getFirst().calls()).sum();
    }

    /** Calls of all zones at the end of each later period: of the n-th periods of all zones together. */
    List<Integer> inLaterPeriods() {
        var calls = new ArrayList<Integer>();
        int most = zones.stream().mapToInt(zone -> zone.waves().size()).max().orElse(0);
        for (int i = 1; i < most; i++) {
            int period = i;
            calls.add(zones.stream()
                    .filter(zone -> zone.waves().size() > period)
                    .mapToInt(zone -> zone.waves().get(period).calls())
                    .sum());
        }
        return List.copyOf(calls);
    }
}
