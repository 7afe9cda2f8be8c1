package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.controller.Controller.State;
import dev.spillway.app.monitoring.HealthServer.Health;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ControllerHealthTest {
    @Test
    void isAliveUntilItsLoopWasSilentForAMinute() {
        assertThat(ControllerHealth.alive(Duration.ZERO, Duration.ofSeconds(60)))
                .isEqualTo(new Health(true, "ok"));
        assertThat(ControllerHealth.alive(Duration.ofSeconds(60), Duration.ZERO).ok())
                .isTrue();
        assertThat(ControllerHealth.alive(Duration.ofSeconds(61), Duration.ZERO))
                .isEqualTo(new Health(false, "the engine's loop has given no sign of life for 61 s"));
    }

    @Test
    void isNotAliveWhereItLeadsForAMinuteWithoutAnEngine() {
        assertThat(ControllerHealth.alive(Duration.ZERO, Duration.ofSeconds(61)))
                .isEqualTo(new Health(false, "it leads, and no engine has worked for 61 s"));
    }

    @Test
    void aProcessThatStartsIsAliveAndNotReady() {
        assertThat(ControllerHealth.alive((dev.spillway.app.controller.Controller) null)
                        .ok())
                .isTrue();
        assertThat(ControllerHealth.ready(null)).isEqualTo(new Health(false, "starting"));
    }

    @ParameterizedTest
    @CsvSource({
        "LEADING, true, leading",
        "STANDBY, true, standby: another controller may hold the Lease",
        "LISTING, false, reading the cluster",
        "RECOVERING, false, the engine failed; a new one takes over",
        "CLOSED, false, closed"
    })
    void isReadyWhereItWorksOrStandsBy(State state, boolean isReady, String text) {
        assertThat(ControllerHealth.ready(state, List.of())).isEqualTo(new Health(isReady, text));
    }

    @ParameterizedTest
    @CsvSource({
        "LEADING, 'leading, but: pods: 403; nodes: 403'",
        "STANDBY, 'standby, but: pods: 403; nodes: 403'",
        "LISTING, 'reading the cluster: pods: 403; nodes: 403'"
    })
    void isNotReadyWhereItDoesNotSeeTheCluster(State state, String text) {
        assertThat(ControllerHealth.ready(state, List.of("pods: 403", "nodes: 403")))
                .isEqualTo(new Health(false, text));
    }
}
