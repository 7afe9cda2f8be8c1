package dev.spillway.regions.simulated;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated region behaves, apart from its stock.
 *
 * @param settle lag that the region declares; callers add their own longest request
 * @param quota instances that may hold capacity at once in the whole region
 * @param run how long containers run before they end with 0, unless the pod restarts them always; null = until told
 * @param seed of every random choice of this region
 */
public record Behaviour(
        Delays delays,
        Faults faults,
        Outage outage,
        Duration settle,
        int quota,
        @Nullable Duration run,
        long seed) {
    /** Starts in 500 ms, answers at once, no faults, no outage, no quota, no lag. */
    public static final Behaviour DEFAULT =
            new Behaviour(Delays.DEFAULT, Faults.NONE, new Outage.None(), Duration.ZERO, Integer.MAX_VALUE, null, 1);

    /**
     * How long things take. None is negative.
     *
     * @param startup from acceptance to running
     * @param refusalLatency before a refusal is answered
     * @param acceptLatency before an acceptance is answered
     * @param termination from being told to terminate to gone
     */
    public record Delays(Duration startup, Duration refusalLatency, Duration acceptLatency, Duration termination) {
        /** Starts in 500 ms, is gone 100 ms after being told, answers at once. */
        public static final Delays DEFAULT =
                new Delays(Duration.ofMillis(500), Duration.ZERO, Duration.ZERO, Duration.ofMillis(100));

        public Delays {
            if (startup.isNegative()
                    || refusalLatency.isNegative()
                    || acceptLatency.isNegative()
                    || termination.isNegative()) {
                throw new IllegalArgumentException("Delays must not be negative.");
            }
        }
    }

    /**
     * How often things go wrong, in thousandths of the calls.
     *
     * @param loseAnswersPerMille acquire and terminate are done, their answer never arrives
     * @param failAfterAcceptPerMille an accepted instance fails instead of starting, reason NoStock
     */
    public record Faults(int loseAnswersPerMille, int failAfterAcceptPerMille) {
        /** Nothing goes wrong. */
        public static final Faults NONE = new Faults(0, 0);

        public Faults {
            if (loseAnswersPerMille < 0
                    || loseAnswersPerMille > 1000
                    || failAfterAcceptPerMille < 0
                    || failAfterAcceptPerMille > 1000) {
                throw new IllegalArgumentException("Faults are thousandths, from 0 to 1000; they are %d and %d."
                        .formatted(loseAnswersPerMille, failAfterAcceptPerMille));
            }
        }
    }

    public Behaviour {
        if (settle.isNegative() || quota < 0) {
            throw new IllegalArgumentException(
                    "Settle and quota must not be negative; they are %s and %d.".formatted(settle, quota));
        }
    }

    /** The same with other delays. */
    public Behaviour with(Delays changed) {
        return new Behaviour(changed, faults, outage, settle, quota, run, seed);
    }

    /** The same with other faults. */
    public Behaviour with(Faults changed) {
        return new Behaviour(delays, changed, outage, settle, quota, run, seed);
    }

    /** The same with another outage. */
    public Behaviour with(Outage changed) {
        return new Behaviour(delays, faults, changed, settle, quota, run, seed);
    }

    /** The same with another run time. */
    public Behaviour withRun(Duration changed) {
        return new Behaviour(delays, faults, outage, settle, quota, changed, seed);
    }

    /** The same with another quota. */
    public Behaviour withQuota(int changed) {
        return new Behaviour(delays, faults, outage, settle, changed, run, seed);
    }

    /** The same with another seed. */
    public Behaviour withSeed(long changed) {
        return new Behaviour(delays, faults, outage, settle, quota, run, changed);
    }
}
