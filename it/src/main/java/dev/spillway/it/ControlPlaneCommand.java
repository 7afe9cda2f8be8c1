package dev.spillway.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A control plane at a terminal: starts one and stays until Ctrl-C, or runs one command on it. Run by {@code
 * it/controlplane/cluster.sh}.
 */
public final class ControlPlaneCommand {

    private static final String USAGE = """
            Usage: cluster.sh start [OPTION...]
                   cluster.sh run [OPTION...] -- COMMAND [ARGUMENT...]

            start    starts a Kubernetes control plane, prints how to reach it, and stays until Ctrl-C
            run      runs a command on a fresh control plane, with KUBECONFIG set and kubectl on the PATH;
                     then stops it and ends with the command's exit code

            --audit-log FILE               append every write to FILE, one JSON object a line
            --storage KIND                 disk, disk-without-fsync (the default) or memory
            --keep FOLDER                  work in a new folder under FOLDER and leave it there
            --apiserver ARGUMENT           a further argument of kube-apiserver; may be repeated
            --controller-manager ARGUMENT  a further argument of kube-controller-manager; may be repeated
            """;

    private ControlPlaneCommand() {}

    /** Exit code: the command's; 130 after Ctrl-C; 1 when the control plane failed; 2 on bad usage. */
    public static void main(String[] arguments) {
        System.exit(execute(new ArrayDeque<>(List.of(arguments))));
    }

    private static int execute(Deque<String> arguments) {
        try {
            String action = arguments.isEmpty() ? "--help" : arguments.pop();
            return switch (action) {
                case "start" -> start(settings(arguments), arguments);
                case "run" -> run(settings(arguments), arguments);
                case "--help", "-h", "help" -> {
                    System.out.print(USAGE);
                    yield 0;
                }
                default -> throw new IllegalArgumentException("There is no action %s.".formatted(action));
            };
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            return 2;
        } catch (ControlPlaneException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    /** Takes the options off the arguments, and the {@code --} behind them. */
    private static ControlPlaneSettings settings(Deque<String> arguments) {
        ControlPlaneSettings settings = ControlPlaneSettings.defaults();
        while (!arguments.isEmpty() && arguments.peek().startsWith("-")) {
            String option = arguments.pop();
            if (option.equals("--")) {
                break;
            }
            settings = with(settings, option, arguments);
        }
        return settings;
    }

    private static ControlPlaneSettings with(ControlPlaneSettings settings, String option, Deque<String> rest) {
        try {
            return switch (option) {
                case "--audit-log" -> settings.withAuditLog(Path.of(rest.pop()));
                case "--storage" -> settings.withStorage(storage(rest.pop()));
                case "--keep" -> settings.keptIn(Path.of(rest.pop()));
                case "--apiserver" -> settings.withApiserverArgument(rest.pop());
                case "--controller-manager" -> settings.withControllerManagerArgument(rest.pop());
                default -> throw new IllegalArgumentException("There is no option %s.".formatted(option));
            };
        } catch (NoSuchElementException e) {
            throw new IllegalArgumentException("The option %s needs a value.".formatted(option), e);
        }
    }

    private static ControlPlaneSettings.Storage storage(String kind) {
        for (ControlPlaneSettings.Storage each : ControlPlaneSettings.Storage.values()) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(kind)) {
                return each;
            }
        }
        throw new IllegalArgumentException("There is no storage %s.".formatted(kind));
    }

    private static int start(ControlPlaneSettings settings, Deque<String> rest) {
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("start takes no argument such as %s.".formatted(rest.peek()));
        }
        try (ControlPlane cluster = started(settings)) {
            System.out.printf("export KUBECONFIG=%s%n", cluster.kubeconfig());
            System.out.printf("export PATH=%s:$PATH%n", cluster.kubectl().getParent());
            System.err.printf(
                    "Paste these two lines into another terminal. Logs: %s. Ctrl-C stops it.%n", cluster.logs());
            Optional<String> accident = cluster.awaitEnd();
            accident.ifPresent(System.err::println);
            return accident.isPresent() ? 1 : 0;
        }
    }

    private static int run(ControlPlaneSettings settings, Deque<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("run needs a command behind --.");
        }
        try (ControlPlane cluster = started(settings)) {
            return cluster.run(List.copyOf(command));
        }
    }

    private static ControlPlane started(ControlPlaneSettings settings) {
        long began = System.nanoTime();
        ControlPlane cluster = ControlPlane.start(settings);
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        System.err.printf(
                "control plane: ready in %d ms, %s%n",
                millis, settings.storage().words());
        return cluster;
    }
}
