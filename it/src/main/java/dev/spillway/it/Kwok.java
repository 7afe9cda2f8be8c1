package dev.spillway.it;

import java.nio.file.Path;
import java.util.List;

/** kwok beside one control plane: it plays the kubelet of all its nodes. */
final class Kwok {

    /** A system property that names the folder with the binary; without it, it is obtained by the build script. */
    private static final String FOLDER_PROPERTY = "spillway.kwok.binaries";

    private static final Path BUILD_SCRIPT = Path.of("it", "kwok", "build.sh");

    private Kwok() {}

    /** Its command line; nodes and pods become Ready at once, as its own stages have it. */
    static List<String> command(ControlPlaneFiles files, int port) {
        String given = System.getProperty(FOLDER_PROPERTY, "");
        Path folder = given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given);
        return List.of(
                folder.resolve("kwok").toString(),
                "--kubeconfig=" + files.kubeconfig(),
                "--config=" + folder.resolve("stages.yaml"),
                "--manage-all-nodes=true",
                "--node-ip=127.0.0.1",
                "--node-port=" + port,
                "--server-address=127.0.0.1:" + port,
                // Else all pods share 254 addresses.
                "--cidr=10.64.0.1/16",
                "--node-lease-duration-seconds=40");
    }
}
