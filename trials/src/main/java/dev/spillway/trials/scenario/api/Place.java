package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.trials.scenario.report.Judged;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A step whose answer was as expected, with the answer. Immutable. */
record Place(String where, List<Check> checks, JsonNode answer) implements Judged {
    Place {
        checks = List.copyOf(checks);
    }

    @Override
    public int size() {
        return checks.size();
    }

    @Override
    public List<String> survivors() {
        return IntStream.range(0, checks.size())
                .filter(i -> Check.firstMismatch(mutant(i), answer).isEmpty())
                .mapToObj(i -> checks.get(i).inverted().text())
                .toList();
    }

    private List<Check> mutant(int inverted) {
        var mutant = new ArrayList<>(checks);
        mutant.set(inverted, checks.get(inverted).inverted());
        return mutant;
    }
}
