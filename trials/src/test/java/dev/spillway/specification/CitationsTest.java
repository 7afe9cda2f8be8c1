package dev.spillway.specification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulation.Fault;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever this tree cites is there. That the check can fail is shown by {@link BrokenCitationsTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CitationsTest {
    private final Tree tree = new Tree(Path.of(".."));

    @Test
    void whatIsCitedIsThere() {
        assertThat(Citations.broken(tree.sources(), tree.passages(), tree.specification()))
                .as("citations of what is not there, see docs/specification/README.md")
                .isEmpty();
    }

    @Test
    void theSpecificationNamesWhatChecksAndShowsIt() {
        assertThat(tree.specification().broken())
                .as("definitions in docs/specification")
                .isEmpty();
    }

    @Test
    void aDecisionHasItsNumberAlone() {
        assertThat(tree.sources().decisions().values()).isNotEmpty().allMatch(files -> files == 1);
    }

    @Test
    void everySimulatedFaultStandsAmongTheFaults() {
        assertThat(Stream.of(Fault.values())
                        .map(fault -> "simulation/Fault#" + fault.name())
                        .filter(name -> tree.passages().stream()
                                .noneMatch(passage -> passage.text().contains("`" + name + "`"))))
                .as("faults of the simulation that docs/specification/faults.md does not name")
                .isEmpty();
    }

    /** Fails never: what has no scenario may have a test, and says so to whoever looks for work. */
    @Test
    void rulesWithoutAScenarioAreListed() {
        var specification = tree.specification();
        var unshown = specification.withoutScenario(tree.passages());
        System.out.printf(
                "%d of %d rules are shown by no scenario: %s%n",
                unshown.size(), specification.rules().size(), String.join(", ", unshown));
        var open = specification.notYetShown();
        System.out.printf(
                "%d of %d faults are not shown, or not wholly: %s%n",
                open.size(), specification.faults().size(), String.join(", ", open));

        assertThat(specification.rules()).hasSizeGreaterThan(unshown.size());
    }
}
