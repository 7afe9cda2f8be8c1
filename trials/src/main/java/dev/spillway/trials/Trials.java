package dev.spillway.trials;

import dev.spillway.app.Main;
import dev.spillway.trials.demo.DemoCommand;
import dev.spillway.trials.scenario.ScenarioCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The command {@code spillway} of a checkout: what ships, and the commands that try it. Exit codes are those of {@link Main}. */
public final class Trials {
    private static final String EXAMPLE =
            "  spillway demo                                              # see it work; no cluster needed";
    private static final int FIRST_EXAMPLE = 2; // below a blank line and the heading

    private Trials() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs a command in the calling thread and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return Main.run(out, err, line -> addTo(line, out), args);
    }

    private static void addTo(CommandLine line, PrintWriter out) {
        line.addSubcommand(new DemoCommand(out)).addSubcommand(new ScenarioCommand(out));
        var usage = line.getCommandSpec().usageMessage();
        var footer = new ArrayList<>(List.of(usage.footer()));
        footer.add(FIRST_EXAMPLE, EXAMPLE);
        usage.footer(footer.toArray(String[]::new));
    }
}
