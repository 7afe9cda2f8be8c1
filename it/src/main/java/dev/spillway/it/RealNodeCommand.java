package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A control plane with real nodes at a terminal: starts them and stays until Ctrl-C. Run by {@code it/realnode/node.sh}.
 */
public final class RealNodeCommand {

    private static final String USAGE = """
            Usage: node.sh [NODE...]

            Starts a Kubernetes control plane with a scheduler, and real nodes of these names (default: node-1), prints how to
            reach it, and stays until Ctrl-C. Needs Linux and root. Images that the nodes have:
            %s
            %s
            """.formatted(RealNode.BUSYBOX, RealNode.AGNHOST);

    private RealNodeCommand() {}

    /** Exit code: 130 after Ctrl-C; 1 when a program failed, or this machine cannot run containers. */
    public static void main(String[] arguments) {
        System.exit(execute(List.of(arguments)));
    }

    private static int execute(List<String> arguments) {
        if (arguments.stream().anyMatch(argument -> argument.startsWith("-") || argument.equals("help"))) {
            System.out.print(USAGE);
            return arguments.equals(List.of("--help")) || arguments.equals(List.of("-h")) ? 0 : 2;
        }
        try {
            return stay(arguments.isEmpty() ? List.of("node-1") : arguments);
        } catch (ControlPlaneException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            System.err.println(e);
            return 1;
        }
    }

    private static int stay(List<String> names) throws IOException {
        List<RealNode> nodes = new ArrayList<>();
        Path folder = Files.createTempDirectory("real-nodes-");
        folder.toFile().deleteOnExit(); // unless logs stay in it, where a program failed
        try (ControlPlane cluster = ControlPlane.start(ControlPlaneSettings.defaults())) {
            cluster.startScheduler();
            try {
                for (String name : names) {
                    long began = System.nanoTime();
                    RealNode node = RealNode.start(cluster, folder, name);
                    nodes.add(node);
                    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
                    System.err.printf("real node: %s is Ready after %d ms, logs: %s%n", name, millis, node.logs());
                }
                System.out.printf("export KUBECONFIG=%s%n", cluster.kubeconfig());
                System.out.printf("export PATH=%s:$PATH%n", cluster.kubectl().getParent());
                System.err.println("Paste these two lines into another terminal. Ctrl-C stops everything.");
                Optional<String> accident = cluster.awaitEnd();
                accident.ifPresent(System.err::println);
                return accident.isPresent() ? 1 : 0;
            } finally {
                nodes.reversed().forEach(RealNode::close);
            }
        }
    }
}
