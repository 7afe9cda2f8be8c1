package dev.spillway.trials.scenario;

import dev.spillway.trials.scenario.FaultTrials.Trial;
import dev.spillway.trials.scenario.fault.Fault;
import dev.spillway.trials.scenario.report.Outcome;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which scenario fails under which fault: every scenario under every fault, and once more under none at the same pace, which shows
 * that it is the faults by which they fail. Not thread-safe.
 */
final class FaultTable {
    private static final int NARROWEST = 4; // faults named for each scenario
    private static final int FEW = 3; // faults of which all is told

    private final PrintWriter out;
    private final List<Scenario> scenarios;
    private final List<Fault> faults;
    private final Map<String, List<String>> catchersByFault = new LinkedHashMap<>();
    private final Map<String, List<String>> faultsByCatcher = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int tried;

    FaultTable(PrintWriter out, List<Scenario> scenarios, List<Fault> faults) {
        this.out = out;
        this.scenarios = List.copyOf(scenarios);
        this.faults = List.copyOf(faults);
    }

    /** Fills and prints it; whether each fault is caught, each scenario catches one, and nothing else went wrong. */
    boolean print() throws InterruptedException {
        try (var trials = new FaultTrials()) {
            trials.measure(scenarios, (scenario, outcome) -> requireHeld(scenario, outcome, "without a fault"));
            var measured = scenarios.stream().filter(trials::isMeasured).toList();
            say("%d scenarios hold without a fault".formatted(measured.size()));
            trials.run(all(measured), this::ended, this::portionEnded);
        }
        say("");
        faults.forEach(this::sayCaught);
        say("");
        scenarios.forEach(this::sayCatches);
        return sum();
    }

    private List<Trial> all(List<Scenario> measured) {
        var all = new ArrayList<Trial>();
        for (Fault fault : faults) {
            measured.forEach(scenario -> all.add(new Trial(scenario, fault)));
        }
        measured.forEach(scenario -> all.add(new Trial(scenario, null)));
        return all;
    }

    private void ended(Trial trial, Outcome outcome) {
        var fault = trial.fault();
        if (fault == null) {
            requireHeld(trial.scenario(), outcome, "without a fault, at the faults' pace");
            return;
        }
        if (outcome instanceof Outcome.Failed failed) {
            if (faults.size() <= FEW) {
                say("%s under %s: %s".formatted(trial.scenario().name(), fault.name(), failed.why()));
            }
            switch (failed.kind()) {
                case BROKEN -> caught(fault, trial.scenario());
                case LEFT_BEHIND -> {} // whoever tidies up noticed, not the scenario
                case BROKE_OFF ->
                    problem("%s under %s broke off: %s"
                            .formatted(trial.scenario().name(), fault.name(), failed.why()));
            }
        }
    }

    private void caught(Fault fault, Scenario scenario) {
        catchersByFault.computeIfAbsent(fault.name(), name -> new ArrayList<>()).add(scenario.name());
        faultsByCatcher
                .computeIfAbsent(scenario.name(), name -> new ArrayList<>())
                .add(fault.name());
    }

    /** So that one sees that it goes on. */
    private void portionEnded(@Nullable Fault fault) {
        if (fault != null) {
            say("%d of %d: %s is caught by %d"
                    .formatted(
                            ++tried,
                            faults.size(),
                            fault.name(),
                            catchers(fault).size()));
        }
    }

    private void requireHeld(Scenario scenario, Outcome outcome, String how) {
        if (outcome instanceof Outcome.Failed failed) {
            problem("%s fails %s: %s".formatted(scenario.name(), how, failed.why()));
        }
    }

    private void problem(String problem) {
        problems.add(problem);
        say("FAIL " + problem);
    }

    private List<String> catchers(Fault fault) {
        return catchersByFault.getOrDefault(fault.name(), List.of());
    }

    private void sayCaught(Fault fault) {
        var catchers = catchers(fault);
        var row = scenarios.stream()
                .map(scenario -> catchers.contains(scenario.name()) ? "#" : ".")
                .collect(Collectors.joining());
        say("%-34s %s %3d".formatted(fault.name(), row, catchers.size()));
    }

    /** With those faults first that the fewest others catch: they say most. */
    private void sayCatches(Scenario scenario) {
        var caught = faultsByCatcher.getOrDefault(scenario.name(), List.of()).stream()
                .sorted(Comparator.comparingInt(this::catchersOf).thenComparing(Comparator.naturalOrder()))
                .toList();
        var first = caught.stream()
                .limit(NARROWEST)
                .map(name -> "%s (%d)".formatted(name, catchersOf(name)))
                .collect(Collectors.joining(", "));
        say("%-40s %3d: %s".formatted(scenario.name(), caught.size(), first));
    }

    private int catchersOf(String fault) {
        return catchersByFault.getOrDefault(fault, List.of()).size();
    }

    private boolean sum() {
        var uncaught =
                faults.stream().filter(fault -> catchers(fault).isEmpty()).toList();
        var idle = scenarios.stream()
                .filter(scenario -> !faultsByCatcher.containsKey(scenario.name()))
                .toList();
        say("");
        if (!uncaught.isEmpty()) {
            say("NOT CAUGHT " + uncaught.stream().map(Fault::name).collect(Collectors.joining(", ")));
        }
        idle.forEach(scenario -> say("FAILS UNDER NO FAULT %s: %s".formatted(scenario.name(), scenario.title())));
        say("%d faults, %d not caught".formatted(faults.size(), uncaught.size()));
        return uncaught.isEmpty() && idle.isEmpty() && problems.isEmpty();
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
