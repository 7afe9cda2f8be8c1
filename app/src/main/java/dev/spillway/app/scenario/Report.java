package dev.spillway.app.scenario;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** What is printed: one line for each scenario, what was expected and seen where it failed, and the sum. Not thread-safe. */
final class Report {
    private final PrintWriter out;
    private final Mode mode;
    private int passed;
    private int failed;

    /** What is counted. */
    enum Mode {
        /** Scenarios. */
        SCENARIOS,
        /** Inverted expectations, which pass when they are noticed. */
        MUTANTS
    }

    Report(PrintWriter out, Mode mode) {
        this.out = out;
        this.mode = mode;
    }

    void malformed(MalformedScenarioException problem) {
        failed++;
        say("FAIL " + problem.getMessage());
    }

    void ended(Scenario scenario, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passed(Duration took, List<Checkpoint> checkpoints) -> {
                switch (mode) {
                    case SCENARIOS -> {
                        passed++;
                        say("ok   %-34s %5.1f s".formatted(scenario.title(), seconds(took)));
                    }
                    case MUTANTS -> mutants(scenario, took, checkpoints);
                }
            }
            case Outcome.Failed(Duration took, String why, List<String> pods) -> {
                failed++;
                say("FAIL %-34s %5.1f s".formatted(scenario.title(), seconds(took)));
                say("     " + why);
                if (!pods.isEmpty()) {
                    say("     pods then:");
                    pods.forEach(pod -> say("       " + pod));
                }
            }
        }
    }

    void failed(String what, String why) {
        failed++;
        say("FAIL %s: %s".formatted(what, why));
    }

    boolean isEmpty() {
        return passed + failed == 0;
    }

    /** Prints the last line; whether nothing failed. */
    boolean sum() {
        say("%d passed, %d failed".formatted(passed, failed));
        return failed == 0;
    }

    private void mutants(Scenario scenario, Duration took, List<Checkpoint> checkpoints) {
        int all =
                checkpoints.stream().mapToInt(one -> one.expectations().size()).sum();
        int survived = 0;
        for (Checkpoint checkpoint : checkpoints) {
            for (Expectation survivor : checkpoint.survivors()) {
                survived++;
                say("SURVIVED %s, %s: %s".formatted(scenario.title(), checkpoint.where(), survivor.text()));
            }
        }
        passed += all - survived;
        failed += survived;
        say("%s %-34s %5.1f s  %d of %d inverted expectations noticed"
                .formatted(survived == 0 ? "ok  " : "FAIL", scenario.title(), seconds(took), all - survived, all));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private static double seconds(Duration took) {
        return took.toMillis() / 1000.0;
    }
}
