package dev.spillway.core.stock;

import java.time.Instant;

/** Whether an offer or region may be asked now. */
public sealed interface Standing {
    /** Yes. {@code proven}: an earlier request succeeded, so it goes before what was never asked. */
    record Ask(boolean proven) implements Standing {}

    /** As many requests as may be are in flight; their answers come soon and decide. */
    record Busy() implements Standing {}

    /** No, for this reason, until then. */
    record Closed(Closure why, Instant until, String message) implements Standing {}

    /** The time is over and one pod is asking; the others go on meanwhile. */
    record Probing(Closure why, String message) implements Standing {}
}
