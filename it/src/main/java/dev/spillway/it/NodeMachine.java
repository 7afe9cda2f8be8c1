package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether this machine can run containers. */
final class NodeMachine {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private NodeMachine() {}

    /** Why it cannot, in one line; empty where it can. Takes a tenth of a second and changes nothing. */
    static Optional<String> whyNot() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("containers need Linux, and this is " + System.getProperty("os.name"));
        }
        if (!isRoot()) {
            return Optional.of("containers need root");
        }
        for (String tool : List.of("unshare", "nsenter", "mount", "ip", "setsid", "hostname")) {
            if (Tool.find(tool).isEmpty()) {
                return Optional.of("this machine has no program " + tool);
            }
        }
        if (Tool.find("apt-get").isEmpty()) { // with it, the build script installs what is missing
            for (String tool : List.of("runc", "busybox")) {
                if (Tool.find(tool).isEmpty()) {
                    return Optional.of("this machine has no program " + tool);
                }
            }
        }
        return cgroups().or(NodeMachine::namespaces).or(NodeMachine::bridges);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<String> cgroups() {
        boolean v2 = Files.exists(CGROUPS.resolve("cgroup.controllers"));
        for (String controller : List.of("cpu", "cpuset", "memory", "pids")) {
            boolean there = v2
                    ? read(CGROUPS.resolve("cgroup.controllers")).contains(controller)
                    : Files.isDirectory(CGROUPS.resolve(controller));
            if (!there) {
                return Optional.of("no cgroup controller %s is mounted under %s".formatted(controller, CGROUPS));
            }
        }
        Path root = v2 ? CGROUPS : CGROUPS.resolve("memory");
        return Files.isWritable(root) && !isReadOnly(root)
                ? Optional.empty()
                : Optional.of("cgroups cannot be made: %s is read-only".formatted(root));
    }

    private static boolean isReadOnly(Path folder) {
        try {
            return Files.getFileStore(folder).isReadOnly();
        } catch (IOException _) {
            return true;
        }
    }

    private static Optional<String> namespaces() {
        Tool tried = Tool.run(
                LIMIT,
                List.of(
                        "unshare",
                        "--mount",
                        "--uts",
                        "--pid",
                        "--fork",
                        "--mount-proc",
                        "mount",
                        "-t",
                        "tmpfs",
                        "try",
                        "/tmp"));
        return tried.failed()
                ? Optional.of("namespaces cannot be made: " + firstLine(tried.output()))
                : Optional.empty();
    }

    /** In a network namespace, so that nobody sees the one that is tried. */
    private static Optional<String> bridges() {
        Tool tried = Tool.run(LIMIT, List.of("unshare", "--net", "ip", "link", "add", "try", "type", "bridge"));
        return tried.failed() ? Optional.of("bridges cannot be made: " + firstLine(tried.output())) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "";
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("no word why");
    }
}
