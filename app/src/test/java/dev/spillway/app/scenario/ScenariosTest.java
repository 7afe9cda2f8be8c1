package dev.spillway.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The files in {@code scenarios/}. */
final class ScenariosTest {
    @Test
    void coverTheSpecificationFromE01ToE58() {
        var ids = ScenarioFile.find(List.of(Path.of("../scenarios"))).stream()
                .map(ScenarioFile::read)
                .map(Scenario::id)
                .filter(id -> id.matches("E[0-9]+")) // others are about what the specification leaves open
                .distinct()
                .toList();

        assertThat(ids)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 58)
                        .mapToObj("E%02d"::formatted)
                        .toList());
    }
}
