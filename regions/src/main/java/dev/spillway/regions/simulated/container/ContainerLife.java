package dev.spillway.regions.simulated.container;

import java.time.Instant;

/** One container on its way, for whoever streams from it. Thread-safe. */
public interface ContainerLife {
    /** As it is now. */
    ContainerView now();

    /** The time on its clock, which is wall time. */
    Instant time();

    /** Whether nothing more will become of it: it has ended, or all that it runs on ends. */
    boolean isOver();

    /** Waits until a time on its clock, or until it {@link #isOver}; may return earlier. */
    void await(Instant until) throws InterruptedException;
}
