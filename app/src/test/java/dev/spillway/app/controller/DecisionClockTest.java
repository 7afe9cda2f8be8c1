package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DecisionClockTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Instant wall = NOON;
    private final DecisionClock clock = new DecisionClock(() -> wall);

    @Test
    void showsWallTimePlusWhatItWasAdvancedBy() {
        clock.advance(Duration.ofMinutes(10));
        wall = NOON.plusSeconds(5);

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(605));
        assertThat(clock.offset()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void goesOnWhereItWasWhenTheWallClockIsSetBack() {
        assertThat(clock.instant()).isEqualTo(NOON);

        wall = NOON.minusSeconds(3600);
        assertThat(clock.instant()).isEqualTo(NOON);
        wall = NOON.minusSeconds(3590);

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(10));
    }

    @Test
    void cannotBeSetBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsOfEachAdvanceUntilTheRegistrationIsClosed() {
        List<Instant> told = new ArrayList<>();
        var registration = clock.onAdvance(() -> told.add(clock.instant()));

        clock.advance(Duration.ofSeconds(1));
        registration.close();
        clock.advance(Duration.ofSeconds(1));

        assertThat(told).containsExactly(NOON.plusSeconds(1));
    }
}
