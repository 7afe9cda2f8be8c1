package dev.spillway.it;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node that the command started, in a JVM of its own: for tests that kill that JVM.
 *
 * @param processes all that the JVM started, a control plane included
 * @param guards those of them that remove what a killed JVM leaves
 * @param node those of them that are the node
 */
record CommandedNode(
        Process jvm,
        List<ProcessHandle> processes,
        List<ProcessHandle> guards,
        List<ProcessHandle> node,
        NodeBridge bridge)
        implements AutoCloseable {

    private static final String NAME = "commanded";

    /** Starts one with the binaries of this cluster; its temporary files go into the folder. Ready when it returns. */
    static CommandedNode start(ControlPlane cluster, Path folder) throws IOException, URISyntaxException {
        Path classes = Path.of(RealNodeCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-D%s=%s"
                                .formatted(
                                        ControlPlaneBinaries.FOLDER_PROPERTY,
                                        cluster.kubectl().getParent()),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        classes.toString(),
                        RealNodeCommand.class.getName(),
                        NAME)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Printed when the node is Ready.
        String kubeconfig = jvm.inputReader().readLine().replace("export KUBECONFIG=", "");
        String address = new Kubectl(cluster.kubectl(), Path.of(kubeconfig))
                .run(List.of("get", "node", NAME, "-o", "jsonpath={.status.addresses[0].address}"))
                .text();
        return new CommandedNode(
                jvm,
                jvm.descendants().toList(),
                jvm.children().filter(child -> says(child, "leftover-guard")).toList(),
                jvm.children()
                        .filter(child -> says(child, "unshare"))
                        .flatMap(unshare -> Stream.concat(Stream.of(unshare), unshare.descendants()))
                        .toList(),
                new NodeBridge(Integer.parseInt(address.split("\\.", -1)[2])));
    }

    private static boolean says(ProcessHandle process, String word) {
        return process.info().commandLine().orElse("").contains(word);
    }

    @Override
    public void close() {
        jvm.destroyForcibly();
        processes.forEach(ProcessHandle::destroyForcibly);
    }
}
