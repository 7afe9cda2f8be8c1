package dev.spillway.core.step;

import java.time.Duration;

/** What is known of every binding, be it to a virtual node or to a real one. */
public final class BindAttempt {
    /** A binding carries a deadline of 5 s; twice that after it was sent it can no longer take effect. */
    public static final Duration FATE = Duration.ofSeconds(10);

    private BindAttempt() {}
}
