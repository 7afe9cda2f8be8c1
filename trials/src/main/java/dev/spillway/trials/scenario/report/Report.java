package dev.spillway.trials.scenario.report;

import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.report.Outcome.Failed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** What is printed: one line for each scenario, what was expected and seen where it failed, and the sum. Not thread-safe. */
public final class Report {
    private final PrintWriter out;
    private final Mode mode;
    private int passed;
    private int failed;

    /** What is counted. */
    public enum Mode {
        /** Scenarios. */
        SCENARIOS,
        /** Inverted expectations, which pass when they are noticed. */
        MUTANTS
    }

    /** Prints to the given writer. */
    public Report(PrintWriter out, Mode mode) {
        this.out = out;
        this.mode = mode;
    }

    /** A file cannot be used. */
    public void malformed(MalformedScenarioException problem) {
        failed++;
        say("FAIL " + problem.getMessage());
    }

    /** A scenario ended; {@code title} names it. */
    public void ended(String title, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passed(Duration took, List<? extends Judged> places) -> {
                switch (mode) {
                    case SCENARIOS -> {
                        passed++;
                        say("ok   %-34s %5.1f s".formatted(title, seconds(took)));
                    }
                    case MUTANTS -> mutants(title, took, places);
                }
            }
            case Outcome.Failed(Duration took, String why, List<String> then, Failed.Kind _) -> {
                failed++;
                say("FAIL %-34s %5.1f s".formatted(title, seconds(took)));
                say("     " + why);
                then.forEach(line -> say("     " + line));
            }
        }
    }

    /** A scenario was tried under a planted fault, which it should catch: it should fail. */
    public void tried(String title, String fault, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passed(Duration took, List<? extends Judged> _) -> held(title, fault, took);
            case Outcome.Failed(Duration took, String why, List<String> _, Failed.Kind kind) -> {
                switch (kind) {
                    case BROKEN -> {
                        passed++;
                        say("ok   %-34s %5.1f s  catches %s".formatted(title, seconds(took), fault));
                        say("     " + why);
                    }
                    case LEFT_BEHIND -> {
                        held(title, fault, took);
                        say("     " + why);
                    }
                    case BROKE_OFF -> failed(title + " under " + fault, "it broke off: " + why);
                }
            }
        }
    }

    private void held(String title, String fault, Duration took) {
        failed++;
        say("FAIL %-34s %5.1f s  holds under %s".formatted(title, seconds(took), fault));
    }

    /** Something around the scenarios failed. */
    public void failed(String what, String why) {
        failed++;
        say("FAIL %s: %s".formatted(what, why));
    }

    /** Whether nothing was counted yet. */
    public boolean isEmpty() {
        return passed + failed == 0;
    }

    /** Prints the last line; whether nothing failed. */
    public boolean sum() {
        say("%d passed, %d failed".formatted(passed, failed));
        return failed == 0;
    }

    private void mutants(String title, Duration took, List<? extends Judged> places) {
        int all = places.stream().mapToInt(Judged::size).sum();
        int survived = 0;
        for (Judged place : places) {
            for (String survivor : place.survivors()) {
                survived++;
                say("SURVIVED %s, %s: %s".formatted(title, place.where(), survivor));
            }
        }
        passed += all - survived;
        failed += survived;
        say("%s %-34s %5.1f s  %d of %d inverted expectations noticed"
                .formatted(survived == 0 ? "ok  " : "FAIL", title, seconds(took), all - survived, all));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private static double seconds(Duration took) {
        return took.toMillis() / 1000.0;
    }
}
