package dev.spillway.core.reason;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a pod, a unit or a zone of it was passed over; the cases by what is in the way. Codes are in {@link ReasonCode}. */
public sealed interface Reason permits NodeReason, PodReason, PolicyReason, RegionReason {
    /** One clause for people, without a full stop and without {@link #nextTry}, which is told beside it. */
    String text();

    /** What kind of answer it is: a CamelCase word that stays the same over versions, for programs. */
    default String code() {
        return ReasonCode.of(this);
    }

    /** When it will be tried again without anything else happening; null where only a change helps. */
    default @Nullable Instant nextTry() {
        return null;
    }

    /** Whether {@link #nextTry} concerns this pod alone, so that no offer's alarm looks at it again. */
    default boolean isPodsOwn() {
        return false;
    }

    /** The same for all retries of one kind: what an event is repeated for when it changes. */
    default String kind() {
        return text();
    }

    /** An instant to the second, as people and logs write it. */
    static String second(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond()).toString();
    }
}
