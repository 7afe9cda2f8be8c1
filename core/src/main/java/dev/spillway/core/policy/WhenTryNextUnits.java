package dev.spillway.core.policy;

import java.time.Duration;

/**
 * When a pod may leave a unit that does not take it for the next one ({@code whenTryNextUnits}).
 *
 * @param timeout longest wait in one unit, at least zero; without effect on rules that do not mention time
 */
public record WhenTryNextUnits(Rule rule, Duration timeout) {
    /** The timeout where none is written. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(15);

    /** What an absent field means. */
    public static final WhenTryNextUnits DEFAULT =
            new WhenTryNextUnits(Rule.LACK_RESOURCE_OR_EXCEED_MAX, DEFAULT_TIMEOUT);

    /** The rules, by the names of the API. */
    public enum Rule {
        /** At the cap only; at once where the unit has none. */
        EXCEED_MAX,
        /** After the timeout, whatever the cap. Not documented by the original. */
        TIMEOUT,
        /** At the cap or after the timeout. */
        TIMEOUT_OR_EXCEED_MAX,
        /** At the cap or when there is no room. */
        LACK_RESOURCE_OR_EXCEED_MAX,
        /** As before, but not while a pod of the unit is terminating. */
        LACK_RESOURCE_AND_NO_TERMINATING
    }
}
