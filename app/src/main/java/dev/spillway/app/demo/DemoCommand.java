package dev.spillway.app.demo;

import dev.spillway.app.Version;
import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.outside.Chatter;
import dev.spillway.app.outside.OutsideClient;
import dev.spillway.app.outside.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code spillway demo}: shows the two example applications being placed, spilling over and leaving. Exit code 0 only if
 * everything was as expected, 1 also where the user did not want it.
 */
@Command(
        name = "demo",
        description =
                "Shows the two example applications on three simulated regions of a cluster, and removes them again.",
        footer = {
            "",
            "Examples:",
            "  spillway demo --kubeconfig FILE                 # asks before it writes, stays until Ctrl-C",
            "  spillway demo --kubeconfig FILE --once --yes    # judges what it saw; exit code 0 only if all was right",
            "  spillway demo --kubeconfig FILE --clean         # removes what a killed demo left behind"
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private final PrintWriter out;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "The cluster to show it on.")
    private @Nullable Path kubeconfig;

    @Option(names = "--once", description = "End after the last phase, and judge what was seen.")
    private boolean once;

    @Option(
            names = {"--yes", "-y"},
            description = "Do not ask before writing to the cluster.")
    private boolean yes;

    @Option(names = "--clean", description = "Only remove what an earlier demo left behind.")
    private boolean clean;

    /** Prints to the given writer. */
    public DemoCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (kubeconfig == null) {
            throw new CommandException("There is no cluster inside this tool yet; name one with --kubeconfig FILE"
                    + " ('make dev-cluster' starts one).");
        }
        Chatter.hush();
        Screen screen = Screen.of(out);
        try (var signal = StopSignal.forThisThread();
                var cluster = Cluster.open(kubeconfig, Version.userAgent("demo"));
                var client = new OutsideClient(cluster.connection(), "spillway-demo")) {
            var demo = new Demo(cluster, kubeconfig, client, screen);
            if (clean) {
                return demo.clean() ? 0 : 1;
            }
            demo.requireRoom();
            screen.say(demo.announcement());
            if (!yes && !isAgreed(screen)) {
                screen.say("Nothing was written.");
                return 1;
            }
            return demo.show(once ? Demo.Ending.AT_ONCE : Demo.Ending.ON_CTRL_C, signal) ? 0 : 1;
        }
    }

    private static boolean isAgreed(Screen screen) {
        screen.ask("Go on? [y/N] ");
        try {
            // Not closed: standard input is the process's own.
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
