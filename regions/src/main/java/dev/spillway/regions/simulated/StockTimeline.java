package dev.spillway.regions.simulated;

import java.util.List;
import java.util.SplittableRandom;

/** A stock script being played: what it says at a time that never goes back. Not thread-safe. */
final class StockTimeline {
    private final StockScript script;
    // Only for SeededRandom: the period that the last question fell into.
    private final SplittableRandom random;
    private boolean available;
    private long periodEndMillis;

    StockTimeline(StockScript script) {
        this.script = script;
        this.random = new SplittableRandom(script instanceof StockScript.SeededRandom seeded ? seeded.seed() : 0);
        if (script instanceof StockScript.SeededRandom seeded) {
            long availableMillis = seeded.meanAvailable().toMillis();
            long soldOutMillis = seeded.meanSoldOut().toMillis();
            // The first turn of the loop in randomValue flips it.
            available = random.nextLong(availableMillis + soldOutMillis) >= availableMillis;
        }
    }

    /** Instances in all, so many milliseconds after the script came into force; not earlier than the last question. */
    int at(long elapsedMillis) {
        return switch (script) {
            case StockScript.Constant constant -> constant.instances();
            case StockScript.Schedule schedule -> scheduled(schedule.steps(), elapsedMillis);
            case StockScript.SeededRandom seeded -> randomValue(seeded, elapsedMillis);
            case StockScript.Trace trace ->
                trace.recording().isAvailable(Math.multiplyExact(elapsedMillis, trace.speed()))
                        ? trace.instancesWhenAvailable()
                        : 0;
        };
    }

    private static int scheduled(List<StockScript.Schedule.Step> steps, long elapsedMillis) {
        int instances = 0;
        for (StockScript.Schedule.Step step : steps) {
            if (step.after().toMillis() > elapsedMillis) {
                break;
            }
            instances = step.instances();
        }
        return instances;
    }

    private int randomValue(StockScript.SeededRandom seeded, long elapsedMillis) {
        while (periodEndMillis <= elapsedMillis) {
            available = !available;
            long mean = (available ? seeded.meanAvailable() : seeded.meanSoldOut()).toMillis();
            periodEndMillis += exponentialMillis(mean);
        }
        return available ? seeded.instances() : 0;
    }

    // StrictMath, so that a seed means the same on every machine.
    private long exponentialMillis(long mean) {
        return Math.max(1, (long) (-mean * StrictMath.log(1 - random.nextDouble())));
    }
}
