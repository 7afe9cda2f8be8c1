package dev.spillway.trials.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.trials.scenario.fault.Fault;
import dev.spillway.trials.scenario.fault.Faults;
import dev.spillway.trials.scenario.report.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class FaultTrialsTest {
    /** A Region, in which no zone is removed. */
    private static final Scenario PINNED = ScenarioFile.read(Path.of("../scenarios/e13-direct-pin.yaml"));

    private static final Fault NODES_NEVER_GO =
            new Fault("nodes-never-go", "no node is removed, whatever becomes of its Region", () -> new Seams() {
                @Override
                public Turns around(Turns engine) {
                    return (event, now) -> engine.on(event, now).stream()
                            .filter(effect -> !(effect instanceof Effect.Write(ClusterWrite.RemoveNode _)))
                            .toList();
                }
            });

    private static Outcome under(Fault fault) throws InterruptedException {
        var outcomes = new ArrayList<Outcome>();
        try (var trials = new FaultTrials()) {
            trials.measure(
                    List.of(PINNED), (scenario, outcome) -> assertThat(outcome).isInstanceOf(Outcome.Passed.class));
            trials.run(
                    List.of(new FaultTrials.Trial(PINNED, fault)), (trial, outcome) -> outcomes.add(outcome), _ -> {});
        }
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst();
    }

    @Test
    void nodesOfRemovedZonesGoWithTheirRegionAtTheLatest() throws InterruptedException {
        assertThat(under(Faults.named("retired-nodes-stay").orElseThrow())).isInstanceOf(Outcome.Passed.class);
    }

    @Test
    void thatItCouldNotBeTidiedUpSaysNothingOfWhatAScenarioNotices() throws InterruptedException {
        assertThat(under(NODES_NEVER_GO)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.why()).contains("still there: node virtual-kubelet-");
            assertThat(failed.kind()).isEqualTo(Outcome.Failed.Kind.LEFT_BEHIND);
        });
    }
}
