package dev.spillway.regions.simulated;

import java.time.Duration;
import java.util.List;

/**
 * How many instances a stock line has in all, as a function of the time since the line came into force. The value is a
 * total, not what is left: free are the value less the instances that hold the line at that moment. When the value falls
 * below what is running, nothing new is sold and what runs goes on.
 */
public sealed interface StockScript {
    /** Always the same number of instances. */
    record Constant(int instances) implements StockScript {
        public Constant {
            requireInstances(instances);
        }
    }

    /** Steps in ascending order of time; before the first step there is no stock. */
    record Schedule(List<Step> steps) implements StockScript {
        /** From {@code after} on there are so many instances, until the next step. */
        public record Step(Duration after, int instances) {
            public Step {
                requireInstances(instances);
                if (after.isNegative()) {
                    throw new IllegalArgumentException("A step's time must not be negative, it is " + after + ".");
                }
            }
        }

        public Schedule {
            steps = List.copyOf(steps);
            for (int i = 1; i < steps.size(); i++) {
                if (steps.get(i - 1).after().compareTo(steps.get(i).after()) >= 0) {
                    throw new IllegalArgumentException(
                            "The steps of a schedule must be in ascending order of time: step %d is at %s, the one before it at %s."
                                    .formatted(
                                            i + 1,
                                            steps.get(i).after(),
                                            steps.get(i - 1).after()));
                }
            }
        }
    }

    /**
     * Available and sold out in turn, for exponentially distributed times; the same seed gives the same times. Whether it
     * begins available is drawn by the share of the two means.
     *
     * @param meanAvailable at least a second
     * @param meanSoldOut at least a second
     * @param instances while it is available
     */
    record SeededRandom(long seed, Duration meanAvailable, Duration meanSoldOut, int instances) implements StockScript {
        public SeededRandom {
            requireInstances(instances);
            Duration least = Duration.ofSeconds(1);
            if (meanAvailable.compareTo(least) < 0 || meanSoldOut.compareTo(least) < 0) {
                throw new IllegalArgumentException(
                        "Mean times must be at least 1 s, they are %s and %s.".formatted(meanAvailable, meanSoldOut));
            }
        }
    }

    /**
     * A recorded trace, from its beginning; after its end it begins again.
     *
     * @param instancesWhenAvailable while the recording says that there was stock
     * @param speed recorded seconds per second, at least 1
     */
    record Trace(StockTrace recording, int instancesWhenAvailable, int speed) implements StockScript {
        public Trace {
            requireInstances(instancesWhenAvailable);
            if (speed < 1) {
                throw new IllegalArgumentException("The speed of a trace must be at least 1, it is " + speed + ".");
            }
        }
    }

    private static void requireInstances(int instances) {
        if (instances < 0) {
            throw new IllegalArgumentException("A number of instances must not be negative, it is " + instances + ".");
        }
    }
}
