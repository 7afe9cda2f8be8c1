package dev.spillway.trials.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.controller.DecisionClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PaceTest {

    @Test
    @SuppressWarnings("try") // they only have to be open
    void theClockIsMovedAheadUntilThePaceIsClosed() throws InterruptedException {
        var clock = new DecisionClock(() -> Instant.EPOCH); // a wall clock that stands still: what moves is the pace
        var moved = new CountDownLatch(3);
        try (var registration = clock.onAdvance(moved::countDown);
                var pace = Pace.of(clock, 100)) {
            assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
        }
        // Each step makes up for 20 ms at least, 99 times.
        assertThat(clock.offset()).isGreaterThanOrEqualTo(Duration.ofMillis(3 * 20 * 99));
    }

    @Test
    @SuppressWarnings("try") // it only has to be open
    void atSpeedOneTheClockIsTheWalls() throws InterruptedException {
        var clock = new DecisionClock(() -> Instant.EPOCH);
        try (var pace = Pace.of(clock, 1)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(clock.offset()).isZero();
    }
}
