package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static dev.spillway.it.ScaledFleet.FULL;
import static dev.spillway.it.ScaledFleet.REPLICAS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.trials.scalein.ScaleIn;
import dev.spillway.trials.scalein.ScaleInLog;
import dev.spillway.trials.scalein.Why;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Thirty replicas over three units, two of them capped, are scaled in and out by a real kube-controller-manager: the later units leave first,
 * and where they do not, it is readiness that explains it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ScaleInOrderIT {
    private static final Path ORDER_NOT_ASKED_FOR =
            Path.of("src/test/resources/scenarios/nobody-asks-for-the-order.yaml");

    private ScaledFleet fleet;

    @BeforeAll
    void start() throws InterruptedException {
        fleet = ScaledFleet.start();
    }

    @AfterAll
    void stop() {
        fleet.close();
    }

    @Test
    @SuppressWarnings("try") // the watches only have to be open
    void amongReadyPodsLaterUnitsLeaveFirst() {
        var namespace = "calm";
        var log = new ScaleInLog(InstantSource.system());
        try (var watching = fleet.watch(namespace, log)) {
            fleet.scale(namespace, REPLICAS);
            assertThat(fleet.byUnit(namespace)).isEqualTo(FULL);
            assertThat(fleet.costsByUnit(namespace)).isEqualTo(Map.of("1", "2000", "2", "1900", "3", "1800"));
            fleet.scale(namespace, 23);
            assertThat(fleet.byUnit(namespace)).isEqualTo(Map.of("1", 12L, "2", 10L, "3", 1L));
            fleet.scale(namespace, 14);
            assertThat(fleet.byUnit(namespace)).isEqualTo(Map.of("1", 12L, "2", 2L));
            fleet.scale(namespace, 26);
            fleet.scale(namespace, 18);
            fleet.scale(namespace, 3);
            assertThat(fleet.byUnit(namespace)).isEqualTo(Map.of("1", 3L));

            var scaleIns = settled(namespace, log, 4);
            assertThat(scaleIns).flatExtracting(ScaleIn::left).hasSize(7 + 9 + 8 + 15);
            assertThat(scaleIns).flatExtracting(ScaleIn::breaks).isEmpty();
            assertThat(log.complaints()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // the watches only have to be open
    void whereLaterUnitsStayReadinessExplainsIt() {
        var namespace = "unready";
        var random = new SplittableRandom(12);
        var log = new ScaleInLog(InstantSource.system());
        try (var watching = fleet.watch(namespace, log)) {
            int steps = 5;
            int unready = 0;
            for (int i = 0; i < steps; i++) {
                fleet.scale(namespace, REPLICAS);
                var chosen = fleet.makeUnready(namespace, 1 + random.nextInt(4), random);
                unready += chosen.size();
                fleet.scale(namespace, REPLICAS - 4 - random.nextInt(4)); // some of unit 3 stay
                assertThat(fleet.names(namespace))
                        .as("those that are not ready leave")
                        .doesNotContainAnyElementsOf(chosen);
            }

            var scaleIns = settled(namespace, log, steps);
            assertThat(log.complaints()).isEmpty();
            assertThat(scaleIns)
                    .flatExtracting(ScaleIn::breaks)
                    .extracting("why")
                    .as("one break for each pod of the first two units that was not ready")
                    .containsOnly(Why.NOT_READY)
                    .hasSize(unready);
        }
    }

    /** This controller manager goes on to the rule after the cost, and takes from the fullest node. */
    @Test
    void aScenarioFailsWhereTheControllerManagerKnowsNoCost() {
        try (var costless = ControlPlane.start(ControlPlaneSettings.defaults()
                .withControllerManagerArgument("--feature-gates=PodDeletionCost=false"))) {
            var run = Spillway.run(costless, "scenario", ORDER_NOT_ASKED_FOR.toString());

            assertThat(run.out())
                    .as(run.toString())
                    .contains("FAIL X03")
                    .containsPattern("scale-in of scenario-x03-\\S+: \\S+ \\(cost 1900, unit 2\\) stayed"
                            + " while \\S+ \\(cost 2000, unit 1\\) left: nothing explains it")
                    .endsWith("0 passed, 1 failed%n".formatted());
        }
    }

    /** What was found once the watches have told of so many scale-ins; says so. */
    private static List<ScaleIn> settled(String namespace, ScaleInLog log, int expected) {
        await(
                "the watches have told of %d scale-ins".formatted(expected),
                () -> log.scaleIns().size() >= expected);
        var scaleIns = log.scaleIns();
        System.out.printf("%s: %s%n", namespace, ScaleIn.summary(scaleIns));
        scaleIns.forEach(one -> one.lines().stream().limit(1).forEach(line -> System.out.println("  " + line)));
        assertThat(scaleIns).hasSize(expected);
        return scaleIns;
    }
}
