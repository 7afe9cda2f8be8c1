package dev.spillway.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A place of a scenario where expectations held, with what was seen there. Immutable. */
record Checkpoint(String where, List<Expectation> expectations, Snapshot snapshot) {
    Checkpoint {
        expectations = List.copyOf(expectations);
    }

    /**
     * Judges the same moment once for each expectation, with that one inverted, by the same judging; each time something must
     * be wrong.
     *
     * @return those of the inverted expectations that were not noticed
     */
    List<Expectation> survivors() {
        return IntStream.range(0, expectations.size())
                .filter(i -> Expectation.firstMismatch(mutant(i), snapshot).isEmpty())
                .mapToObj(i -> expectations.get(i).inverted())
                .toList();
    }

    private List<Expectation> mutant(int inverted) {
        var mutant = new ArrayList<>(expectations);
        mutant.set(inverted, expectations.get(inverted).inverted());
        return mutant;
    }
}
