package dev.spillway.core.step;

import java.time.Instant;

/** What became of a pod's request for a slot in a capped unit. */
public sealed interface SlotAnswer {
    /** The slot is reserved: the pod may be bound. */
    record Granted() implements SlotAnswer {}

    /** It may be had now, but another process led meanwhile: what was known of the instance has to be asked for anew. */
    record Stale() implements SlotAnswer {}

    /** It takes until then, since another process led before. */
    record Delayed(Instant until) implements SlotAnswer {}

    /** It is not to be had: there turned out to be more pods in the unit than this process knew. */
    record Denied(String why) implements SlotAnswer {}
}
