package dev.spillway.trials.demo;

import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.version.Version;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.Chatter;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.StopSignal;
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
        description = {
            "Shows the two example applications on three simulated regions: placed, sold out, spilled over, refilled.",
            "Without --kubeconfig it brings a cluster of its own: a model of the Kubernetes API in this process, on"
                    + " 127.0.0.1 only, for demo and tests, never for production."
        },
        footer = {
            "",
            "Examples:",
            "  spillway demo                                   # its own cluster; stays until Ctrl-C, for kubectl",
            "  spillway demo --once                            # judges what it saw; exit code 0 only if all was right",
            "  spillway demo --kubeconfig FILE                 # your cluster: asks before it writes, removes what it"
                    + " made",
            "  spillway demo --kubeconfig FILE --once --yes",
            "  spillway demo --kubeconfig FILE --clean         # removes what a killed demo left behind"
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final int FASTEST = 1_000;
    private static final int LAST_PORT = 65_535;

    private final PrintWriter out;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "A cluster of yours to show it on.")
    private @Nullable Path kubeconfig;

    @Option(names = "--once", description = "End after the last phase, and judge what was seen.")
    private boolean once;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many times faster than the wall clock the regions' time goes, 1 to 1000. Default: 1.")
    private int speed;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of its own cluster on 127.0.0.1. Default: any free one.")
    private @Nullable Integer port;

    @Option(
            names = {"--yes", "-y"},
            description = "Do not ask before writing to a cluster of yours.")
    private boolean yes;

    @Option(names = "--clean", description = "Only remove from a cluster of yours what an earlier demo left behind.")
    private boolean clean;

    /** Prints to the given writer. */
    public DemoCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireSense();
        Chatter.hush();
        var screen = new Screen(out, Terminal.ofProcess());
        try (var signal = StopSignal.forThisThread()) {
            return kubeconfig == null ? onOwn(screen, signal) : onUsers(kubeconfig, screen, signal);
        }
    }

    private void requireSense() {
        if (speed < 1 || speed > FASTEST) {
            throw new CommandException("--speed %d is not between 1 and %d.".formatted(speed, FASTEST));
        }
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw new CommandException("--port %d is not between 0 and %d.".formatted(port, LAST_PORT));
        }
        if (kubeconfig != null && port != null) {
            throw new CommandException("--port is about the demo's own cluster; leave out --port or --kubeconfig.");
        }
        if (kubeconfig == null && clean) {
            throw new CommandException(
                    "--clean is about a cluster of yours; name it with --kubeconfig FILE. The demo's own leaves"
                            + " nothing behind.");
        }
    }

    private int onOwn(Screen screen, StopSignal signal) throws InterruptedException {
        try (var host = EmbeddedClusterHost.start(port == null ? 0 : port)) {
            screen.say("A Kubernetes API runs in this process, at %s: for demo and tests only, never for production."
                    .formatted(host.endpoint()));
            screen.say("");
            try (var cluster = Cluster.open(host.kubeconfig(), Version.userAgent("demo"));
                    var client = new OutsideClient(cluster.connection(), "spillway-demo")) {
                var stage = new Stage(cluster, host.kubeconfig(), Stage.Whose.OWN, speed);
                return show(new Demo(stage, client, screen), signal);
            }
        }
    }

    private int onUsers(Path file, Screen screen, StopSignal signal) throws InterruptedException {
        try (var cluster = Cluster.open(file, Version.userAgent("demo"));
                var client = new OutsideClient(cluster.connection(), "spillway-demo")) {
            var demo = new Demo(new Stage(cluster, file, Stage.Whose.USERS, speed), client, screen);
            if (clean) {
                return demo.clean() ? 0 : 1;
            }
            demo.requireRoom();
            screen.say(demo.announcement());
            if (!yes && !isAgreed(screen)) {
                screen.say("Nothing was written.");
                return 1;
            }
            return show(demo, signal);
        }
    }

    private int show(Demo demo, StopSignal signal) throws InterruptedException {
        return demo.show(once ? Demo.Ending.AT_ONCE : Demo.Ending.ON_CTRL_C, signal) ? 0 : 1;
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
