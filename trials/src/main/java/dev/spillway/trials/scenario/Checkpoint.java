package dev.spillway.trials.scenario;

import dev.spillway.trials.scenario.report.Judged;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A place of a scenario where expectations held, with what was seen there. Immutable. */
record Checkpoint(String where, List<Expectation> expectations, Snapshot snapshot) implements Judged {
    public Checkpoint {
        expectations = List.copyOf(expectations);
    }

    @Override
    public int size() {
        return expectations.size();
    }

    @Override
    public List<String> survivors() {
        return IntStream.range(0, expectations.size())
                .filter(i -> Expectation.firstMismatch(mutant(i), snapshot).isEmpty())
                .mapToObj(i -> expectations.get(i).inverted().text())
                .toList();
    }

    private List<Expectation> mutant(int inverted) {
        var mutant = new ArrayList<>(expectations);
        mutant.set(inverted, expectations.get(inverted).inverted());
        return mutant;
    }
}
