package dev.spillway.app;

import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cli.ControllerCommand;
import dev.spillway.app.cli.InstallCommand;
import dev.spillway.app.cli.ReplayCommand;
import dev.spillway.app.cli.SimulatedRegionsCommand;
import dev.spillway.app.cli.UninstallCommand;
import dev.spillway.app.cli.UpgradeCommand;
import dev.spillway.app.cli.VersionCommand;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.doctor.DoctorCommand;
import dev.spillway.app.explain.ExplainCommand;
import dev.spillway.app.version.Version;
import dev.spillway.kube.http.UnusableConnectionException;
import dev.spillway.regions.protocol.MalformedException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code spillway} as it ships. Exit codes: 0 done; 1 it could not be done, and one line on standard error says what and what to do;
 * 2 the command line is wrong, or a recording cannot be used; 3 a bug, with a stack trace.
 */
@Command(
        name = "spillway",
        description = "Multi-region serverless GPU capacity for any Kubernetes cluster.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  spillway install --kubeconfig FILE                         # custom resources and admission policy",
            "  spillway simulated-regions --port 8087 --kubeconfig FILE   # a cloud to try it with",
            "  spillway controller --kubeconfig FILE                      # places pods, until Ctrl-C",
            "  spillway doctor --kubeconfig FILE                          # what is wrong, and what to do",
            "  spillway explain pod/NAME -n NAMESPACE                     # why it waits, or why it is where it is",
            "  spillway uninstall --dry-run --kubeconfig FILE             # what would go, and what would stay",
            "  spillway replay FILE                                       # decides again what a controller recorded",
            "  spillway help controller                                   # all about one command"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class)
public final class Main {
    private static final int FAILED = 1;
    private static final int BUG = 3;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs a command in the calling thread and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(out, err, line -> {}, args);
    }

    /** The same, where {@code further} adds commands to those that ship. */
    public static int run(PrintWriter out, PrintWriter err, Consumer<CommandLine> further, String... args) {
        var command = new CommandLine(new Main())
                .addSubcommand(new ControllerCommand())
                .addSubcommand(new InstallCommand(out))
                .addSubcommand(new UpgradeCommand(out))
                .addSubcommand(new UninstallCommand(out))
                .addSubcommand(new SimulatedRegionsCommand(out))
                .addSubcommand(new DoctorCommand(out))
                .addSubcommand(new ExplainCommand(out))
                .addSubcommand(new ReplayCommand(out));
        further.accept(command);
        command.addSubcommand(new VersionCommand(out))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(110)
                .setExecutionExceptionHandler((exception, line, parsed) -> failed(exception, err));
        // Each command has --version; it is that of the whole.
        command.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new VersionLine()));
        if (args.length == 0) {
            command.usage(out);
            return 0;
        }
        return command.execute(args);
    }

    private static int failed(Exception exception, PrintWriter err) {
        return switch (exception) {
            case UnusableConnectionException e -> said(err, e);
            case ClusterException e -> said(err, e);
            case CommandException e -> said(err, e);
            case MalformedException e -> said(err, e);
            case UncheckedIOException e -> said(err, e);
            default -> {
                err.println("spillway: this is a bug; please report it with the lines below.");
                exception.printStackTrace(err);
                yield BUG;
            }
        };
    }

    private static int said(PrintWriter err, Exception exception) {
        err.println("spillway: " + exception.getMessage());
        return FAILED;
    }

    /** For {@code --version}. */
    static final class VersionLine implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"spillway " + Version.text()};
        }
    }
}
