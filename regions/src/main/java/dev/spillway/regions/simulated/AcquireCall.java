package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of acquire and what came of it.
 *
 * @param number counts the calls to all regions, from 1
 * @param instance the instance accepted or spent, null for a refusal
 */
public record AcquireCall(
        long number,
        Instant at,
        Offer offer,
        PodUid pod,
        Outcome outcome,
        @Nullable InstanceId instance) {
    /** What came of it. A lost answer counts as what the region did. */
    public enum Outcome {
        ACCEPTED,
        /** Accepted before, the same token again. */
        REPEATED,
        SPENT,
        OUT_OF_STOCK,
        NOT_OFFERED,
        QUOTA_REACHED,
        THROTTLED,
        UNAUTHORISED,
        INVALID,
        UNAVAILABLE,
        /** Taken and never answered, not done. */
        HANGING;

        static Outcome of(Refusal refusal) {
            return switch (refusal) {
                case Refusal.OutOfStock no -> OUT_OF_STOCK;
                case Refusal.NotOffered no -> NOT_OFFERED;
                case Refusal.QuotaReached no -> QUOTA_REACHED;
                case Refusal.Throttled no -> THROTTLED;
                case Refusal.Unauthorised no -> UNAUTHORISED;
                case Refusal.Invalid no -> INVALID;
                case Refusal.Unavailable no -> UNAVAILABLE;
                case Refusal.Unprepared no -> throw noRegionSays(no);
            };
        }
    }

    /** What a pod needs is prepared by the backend, which asks no region where it cannot. */
    static IllegalArgumentException noRegionSays(Refusal.Unprepared refusal) {
        return new IllegalArgumentException("a region has no say in this: " + refusal.message());
    }
}
