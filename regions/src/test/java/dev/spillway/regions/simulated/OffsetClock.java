package dev.spillway.regions.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Wall time and an offset that a test makes grow: a decision clock. */
final class OffsetClock implements InstantSource {
    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(offset);
    }

    void jump(Duration ahead) {
        offset = offset.plus(ahead);
    }
}
