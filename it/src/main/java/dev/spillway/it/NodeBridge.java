package dev.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bridge on which a node's pods and this machine reach one another, and the node's cgroup, which has its name. The
 * kernel makes a name once, so that whoever makes the bridge owns its number, and with it the range of the pods.
 *
 * <p>The bridge's alias says which process lives in it. One whose process is gone is a leftover of a run that was killed
 * with its guard, and is removed by the next run.
 *
 * @param number from 1 on
 */
record NodeBridge(int number) {

    private static final String PREFIX = "spillway";
    private static final int HIGHEST = 250;

    /**
     * Lets the pods of this node send to those of others, whatever the machine's own setting. The cgroup must be there before
     * the kubelet; version 1 has one in each hierarchy, and sets of CPUs begin empty.
     */
    private static final String SET_UP = """
            set -e
            echo 1 >"/proc/sys/net/ipv4/conf/$1/forwarding"
            if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
                for each in cpu cpuset memory pids; do echo "+$each" >/sys/fs/cgroup/cgroup.subtree_control; done
                mkdir -p "/sys/fs/cgroup/$1"
                exit
            fi
            for each in /sys/fs/cgroup/*/cgroup.procs; do
                in=${each%/cgroup.procs}
                mkdir -p "$in/$1"
                for set in cpuset.cpus cpuset.mems; do
                    [ ! -e "$in/$set" ] || cat "$in/$set" >"$in/$1/$set"
                done
            done
            """;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Path INTERFACES = Path.of("/sys/class/net");

    /** Makes a bridge whose range no interface of this machine has, after the leftovers of killed runs were removed. */
    static NodeBridge take() {
        removeLeftovers();
        for (int number = 1; number <= HIGHEST; number++) {
            NodeBridge bridge = new NodeBridge(number);
            if (bridge.rangeIsFree()
                    && !bridge.ip("link", "add", bridge.name(), "type", "bridge")
                            .failed()) {
                bridge.setUp();
                return bridge;
            }
        }
        throw new ControlPlaneException("No bridge could be made: "
                + new NodeBridge(HIGHEST)
                        .ip("link", "add", PREFIX + HIGHEST, "type", "bridge")
                        .output());
    }

    /** Of the bridge, and of the cgroup. */
    String name() {
        return PREFIX + number;
    }

    /** The pods' addresses. */
    String range() {
        return "10.222.%d.0/24".formatted(number);
    }

    /** This machine's own address on the bridge, which is the node's. */
    String address() {
        return "10.222.%d.1".formatted(number);
    }

    /** Says which process runs the node, and what has to end when that one has ended without ending it. */
    void holds(ProcessHandle run, ProcessHandle held) {
        must("link", "set", name(), "alias", Life.of(run) + " " + Life.of(held));
    }

    /** A shell command that removes the bridge and the cgroups, whose processes are dead or dying. */
    String removal() {
        // A cgroup goes when its last process is dead, not when it is killed.
        return """
                PATH=/usr/sbin:/sbin:/usr/bin:/bin
                ip link delete %1$s
                for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                    find /sys/fs/cgroup -depth -type d '(' -path '*/%1$s' -o -path '*/%1$s/*' ')' -exec rmdir {} ';' 2>/dev/null
                    [ -n "$(find /sys/fs/cgroup -maxdepth 2 -type d -name %1$s)" ] || break
                    sleep 0.1
                done
                """.formatted(name());
    }

    /** Removes the bridge and the cgroups; nothing may run there any more. */
    void remove() {
        Tool.run(LIMIT, List.of("/bin/sh", "-c", removal()));
    }

    /** One process among all that ever had its number. */
    private record Life(long pid, long startedAtMillis) {

        static Life of(ProcessHandle process) {
            return new Life(
                    process.pid(),
                    process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli());
        }

        static List<Life> parse(String alias) {
            return Pattern.compile("(\\d+)@(\\d+)")
                    .matcher(alias)
                    .results()
                    .map(found -> new Life(Long.parseLong(found.group(1)), Long.parseLong(found.group(2))))
                    .toList();
        }

        /** Empty when it has ended. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(running -> of(running).equals(this));
        }

        @Override
        public String toString() {
            return pid + "@" + startedAtMillis;
        }
    }

    private static void removeLeftovers() {
        try (DirectoryStream<Path> bridges = Files.newDirectoryStream(INTERFACES, PREFIX + "[0-9]*")) {
            for (Path each : bridges) {
                String number = each.getFileName().toString().substring(PREFIX.length());
                List<Life> lives = Life.parse(Files.readString(each.resolve("ifalias"), StandardCharsets.US_ASCII));
                // One without a word was made a moment ago.
                if (!lives.isEmpty() && lives.getFirst().process().isEmpty()) {
                    lives.stream().flatMap(life -> life.process().stream()).forEach(ProcessHandle::destroyForcibly);
                    new NodeBridge(Integer.parseInt(number)).remove();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setUp() {
        try {
            must(
                    "link",
                    "set",
                    name(),
                    "alias",
                    Life.of(ProcessHandle.current()).toString());
            must("address", "add", address() + "/24", "dev", name());
            must("link", "set", name(), "up");
            Tool.run(LIMIT, List.of("/bin/sh", "-c", SET_UP, "set-up", name()))
                    .orThrow("The bridge and cgroup %s could not be set up".formatted(name()));
        } catch (ControlPlaneException e) {
            remove();
            throw e;
        }
    }

    private boolean rangeIsFree() {
        return !ip("-4", "-o", "address").output().contains(" 10.222.%d.".formatted(number));
    }

    private void must(String... arguments) {
        ip(arguments).orThrow("ip " + String.join(" ", arguments));
    }

    private Tool ip(String... arguments) {
        String ip = Tool.find("ip").map(Path::toString).orElse("ip");
        return Tool.run(
                LIMIT, Stream.concat(Stream.of(ip), Stream.of(arguments)).toList());
    }
}
