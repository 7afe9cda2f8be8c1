package dev.spillway.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the programs of a node run: with processes, mounts and a host name of their own, on this machine's network. When
 * its first process ends, the kernel ends every other one, containers included, and takes back every mount: nothing that
 * a node started outlives it, and nothing else is touched. Thread-safe.
 */
final class NodeNamespace {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /**
     * The first process: runs containerd, and takes in what loses its parent. A kubelet changes settings of the kernel that
     * are not as it wants them, and the kernel is this machine's: it sees files that say what it wants.
     */
    private static final String FIRST = """
            set -e
            mount --make-rshared /
            mount -t tmpfs -o mode=755 run /run
            mount --bind "$1/lib" /var/lib
            mount --bind "$1/log" /var/log
            hostname "$2"
            for each in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \\
                kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
                seen=/run/sysctl-$(basename "${each%=*}")
                echo "${each#*=}" >"$seen"
                mount --bind "$seen" "/proc/sys/${each%=*}"
            done
            "$3/containerd" --config "$1/containerd.toml" &
            trap 'kill $!' TERM
            set +e
            while kill -0 $! 2>/dev/null; do wait $!; done
            """;

    private final ControlPlaneProcess unshare;
    private final long first;
    private final String path;

    private NodeNamespace(ControlPlaneProcess unshare, long first, String path) {
        this.unshare = unshare;
        this.first = first;
        this.path = path;
    }

    /**
     * Starts the first process, and returns when containerd answers.
     *
     * @param watch told of the process whose end ends everything, as soon as it is there
     * @throws ControlPlaneException when it does not; nothing runs then
     */
    static NodeNamespace start(
            RealNodeFiles files, RealNodeBinaries binaries, String nodeName, Consumer<ControlPlaneProcess> watch) {
        String path = "PATH=" + binaries.folder() + ":" + Tool.PATH;
        ControlPlaneProcess unshare = ControlPlaneProcess.start(
                "containerd",
                List.of(
                        "/usr/bin/env",
                        path,
                        "unshare",
                        "--mount",
                        "--uts",
                        "--pid",
                        "--fork",
                        // Whatever ends unshare ends the first process.
                        "--kill-child=SIGKILL",
                        "--mount-proc",
                        "/bin/sh",
                        "-c",
                        FIRST,
                        "node",
                        files.folder().toString(),
                        nodeName,
                        binaries.folder().toString()),
                files.log("containerd"));
        try {
            watch.accept(unshare);
            unshare.waitUntil(
                    "there is a first process", LIMIT, () -> !unshare.children().isEmpty());
            NodeNamespace namespace =
                    new NodeNamespace(unshare, unshare.children().getFirst().pid(), path);
            unshare.waitUntil("containerd listens", LIMIT, namespace::containerdListens);
            return namespace;
        } catch (ControlPlaneException e) {
            unshare.kill();
            throw e;
        }
    }

    /** The process whose end ends everything. */
    ControlPlaneProcess process() {
        return unshare;
    }

    /** The command that runs a command inside. */
    List<String> inside(String... command) {
        List<String> all = new ArrayList<>(List.of(
                "/usr/bin/env", path, "nsenter", "--target", Long.toString(first), "--mount", "--uts", "--pid", "--"));
        all.addAll(List.of(command));
        return all;
    }

    /** Ends containerd, and with it everything that is left. */
    void stop(Duration grace) {
        // The shell, which tells containerd; unshare itself hears no SIGTERM while it waits.
        unshare.children().forEach(ProcessHandle::destroy);
        unshare.endOrKill(grace);
    }

    private boolean containerdListens() {
        return Files.exists(Path.of("/proc", Long.toString(first), "root" + RealNodeFiles.CONTAINERD_SOCKET));
    }
}
