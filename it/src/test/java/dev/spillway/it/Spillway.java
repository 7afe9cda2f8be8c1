package dev.spillway.it;

import dev.spillway.trials.Trials;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** The command {@code spillway}, run in this process to its end: its exit code and all that it printed. */
record Spillway(int exitCode, String out, String err) {
    static Spillway run(ControlPlane cluster, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString()));
        return run(all);
    }

    /** One that needs no cluster. */
    static Spillway run(List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode =
                Trials.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
        return new Spillway(exitCode, out.toString(), err.toString());
    }

    /** What was printed, for a failed assertion. */
    @Override
    public String toString() {
        return "exit code %d%n%s%s".formatted(exitCode, out, err);
    }
}
