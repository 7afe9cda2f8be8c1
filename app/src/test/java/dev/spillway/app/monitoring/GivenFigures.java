package dev.spillway.app.monitoring;

import java.time.Duration;

/** What a controller might say. */
final class GivenFigures implements Meters.Gauged {
    @Override
    public boolean isLeading() {
        return true;
    }

    @Override
    public boolean isPlacing() {
        return true;
    }

    @Override
    public int waitingPods() {
        return 7;
    }

    @Override
    public Duration oldestWaitingFor() {
        return Duration.ofMillis(12_500);
    }

    @Override
    public int queuedEvents() {
        return 9;
    }

    @Override
    public Duration silentFor() {
        return Duration.ofMillis(250);
    }
}
