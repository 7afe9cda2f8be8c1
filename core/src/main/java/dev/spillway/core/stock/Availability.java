package dev.spillway.core.stock;

import dev.spillway.core.model.Closure;
import java.time.Instant;

/** Whether an offer or region may be asked at an instant, for one more pod. Values, safe to share between threads. */
public sealed interface Availability {
    /** Yes. {@code proven}: an earlier request succeeded, so it goes before what was never asked. */
    record Ask(boolean proven) implements Availability {}

    /** As many requests as may be are in flight; their answers come soon and decide. */
    record Busy() implements Availability {}

    /**
     * No.
     *
     * @param why what closed it
     * @param until the first instant at which a request may probe
     * @param message what the region said, or what happened where it said nothing
     */
    record Closed(Closure why, Instant until, String message) implements Availability {}

    /**
     * The time of a closure is over, or capacity has come free, and as many pods as that lets through are asking; the others go on meanwhile.
     *
     * @param why what had closed it
     * @param message as of the closure
     */
    record Probing(Closure why, String message) implements Availability {}
}
