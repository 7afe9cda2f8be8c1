package dev.spillway.trials.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.trials.scenario.fault.Fault;
import dev.spillway.trials.scenario.fault.Faults;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The files in {@code scenarios/}. */
final class ScenariosTest {
    private static final Path FOLDER = Path.of("../scenarios");

    @Test
    void eachNamesAFaultThatItMustCatch() {
        var silent = ScenarioFile.find(List.of(FOLDER)).stream()
                .map(ScenarioFile::read)
                .filter(scenario -> scenario.catches().isEmpty())
                .map(Scenario::name);

        assertThat(silent)
                .as("files without 'catches', see scenarios/README.md")
                .isEmpty();
    }

    @Test
    void eachPlantedFaultMustBeCaughtByOne() {
        var caught = ScenarioFile.find(List.of(FOLDER)).stream()
                .flatMap(file -> ScenarioFile.read(file).catches().stream())
                .toList();

        assertThat(Faults.ALL.stream().map(Fault::name).filter(name -> !caught.contains(name)))
                .as("faults that no file names under 'catches', see scenarios/README.md")
                .isEmpty();
    }

    @Test
    void coverTheSpecificationFromE01ToE58() {
        var ids = ScenarioFile.find(List.of(FOLDER)).stream()
                .map(ScenarioFile::read)
                .map(Scenario::id)
                .filter(id -> id.matches("E[0-9]+")) // others show rules by what their comments cite
                .distinct()
                .toList();

        assertThat(ids)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 58)
                        .mapToObj("E%02d"::formatted)
                        .toList());
    }
}
