package dev.spillway.core.allocation;

import java.util.EnumSet;
import java.util.Set;

/** Life of an allocation (R24.1). */
public enum AllocationState {
    /** The region was asked and has not answered. */
    ASKING,
    /** The region's answer was lost, or another process may have ended the instance meanwhile: there may be one. */
    UNKNOWN,
    /** The instance exists; the pod is not bound to it. */
    HELD,
    /** A binding is under way, or its outcome is not known yet. */
    BINDING,
    /** The pod is bound to the instance. */
    BOUND,
    /** The instance is being terminated. */
    ENDING,
    /** Nothing is left. */
    GONE;

    private Set<AllocationState> next() {
        return switch (this) {
            case ASKING -> EnumSet.of(UNKNOWN, HELD, GONE);
            case UNKNOWN -> EnumSet.of(HELD, GONE);
            case HELD -> EnumSet.of(BINDING, BOUND, ENDING, UNKNOWN);
            case BINDING -> EnumSet.of(BOUND, ENDING);
            case BOUND -> EnumSet.of(ENDING);
            case ENDING -> EnumSet.of(GONE);
            case GONE -> EnumSet.noneOf(AllocationState.class);
        };
    }

    /** Whether the life of an allocation may go on from here to there. */
    public boolean mayBecome(AllocationState other) {
        return next().contains(other);
    }
}
