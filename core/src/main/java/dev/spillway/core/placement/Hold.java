package dev.spillway.core.placement;

import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.reason.PolicyReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pod that found a unit full, or at its cap, stays with it: what the policy's {@code whenTryNextUnits} says (R5). That a pod stays while
 * answers are in flight or room is being made for it, and never stays with a unit that is barred, is {@link Walker}'s, whatever the policy says.
 */
sealed interface Hold {
    /** It goes on to the next unit. */
    record No() implements Hold {}

    /** It stays until the unit has room, however long that takes. */
    record ForRoom() implements Hold {}

    /** It stays until no pod of the unit is terminating. */
    record ForTerminating(int pods) implements Hold {}

    /** It stays until then. */
    record Until(Instant end) implements Hold {}

    /**
     * Judges one unit.
     *
     * @param atCap whether a cap of the unit is what keeps the pod out
     * @param terminating pods of the unit that are terminating
     * @param since when the unit first did not take the pod
     */
    static Hold of(WhenTryNextUnits leaving, Unit unit, boolean atCap, int terminating, Instant since, Instant now) {
        return switch (leaving.rule()) {
            case LACK_RESOURCE_OR_EXCEED_MAX -> new No();
            case EXCEED_MAX -> unit.isCapped() && !atCap ? new ForRoom() : new No();
            case TIMEOUT_OR_EXCEED_MAX -> {
                boolean hasWhatToWaitFor = unit.isCapped() || (unit.max() == null && unit.waitsForNodes());
                yield !atCap && hasWhatToWaitFor ? timed(leaving, unit, since, now) : new No();
            }
            case TIMEOUT -> timed(leaving, unit, since, now);
            case LACK_RESOURCE_AND_NO_TERMINATING -> terminating > 0 ? new ForTerminating(terminating) : new No();
        };
    }

    /** Whether the rule has a clock for the unit; acs units know no timeout (R5.7). */
    static boolean hasClock(WhenTryNextUnits leaving, Unit unit) {
        var rule = leaving.rule();
        return unit.resource() != Unit.Resource.ACS
                && (rule == WhenTryNextUnits.Rule.TIMEOUT || rule == WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX);
    }

    /** What the pod is told where it stays, null where it goes on. */
    default @Nullable PolicyReason reason() {
        return switch (this) {
            case No() -> null;
            case ForRoom() -> new PolicyReason.WaitsForRoom();
            case ForTerminating(int pods) -> new PolicyReason.WaitsForTerminating(pods);
            case Until(Instant end) -> new PolicyReason.WaitsUntil(end);
        };
    }

    private static Hold timed(WhenTryNextUnits leaving, Unit unit, Instant since, Instant now) {
        if (!hasClock(leaving, unit)) {
            return new No();
        }
        var end = since.plus(leaving.timeout());
        return now.isBefore(end) ? new Until(end) : new No();
    }
}
