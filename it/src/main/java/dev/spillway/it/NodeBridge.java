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
                bridge.belongsTo(ProcessHandle.current());
                bridge.must("address", "add", bridge.address() + "/24", "dev", bridge.name());
                bridge.must("link", "set", bridge.name(), "up");
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

    /** Whose end makes the bridge a leftover. */
    void belongsTo(ProcessHandle process) {
        must("link", "set", name(), "alias", new Owner(process.pid(), startOf(process)).toString());
    }

    /** A shell command that removes the bridge and the empty cgroups, and fails at neither. */
    String removal() {
        return "ip link delete %1$s; find /sys/fs/cgroup -depth -type d '(' -path '*/%1$s' -o -path '*/%1$s/*' ')' -exec rmdir {} ';'"
                .formatted(name());
    }

    /** Removes the bridge and the cgroups; nothing may run there any more. */
    void remove() {
        Tool.run(LIMIT, List.of("/bin/sh", "-c", removal()));
    }

    private record Owner(long pid, Instant started) {

        static Optional<Owner> parse(String alias) {
            String[] words = alias.strip().split(" ", -1);
            return words.length == 2
                    ? Optional.of(new Owner(Long.parseLong(words[0]), Instant.ofEpochMilli(Long.parseLong(words[1]))))
                    : Optional.empty();
        }

        boolean isAlive() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(NodeBridge::startOf).stream()
                    .anyMatch(started::equals);
        }

        @Override
        public String toString() {
            return pid + " " + started.toEpochMilli();
        }
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static void removeLeftovers() {
        try (DirectoryStream<Path> bridges = Files.newDirectoryStream(INTERFACES, PREFIX + "*")) {
            for (Path each : bridges) {
                String number = each.getFileName().toString().substring(PREFIX.length());
                String alias = Files.readString(each.resolve("ifalias"), StandardCharsets.US_ASCII);
                // One without an owner was made a moment ago.
                if (Owner.parse(alias).filter(owner -> !owner.isAlive()).isPresent()) {
                    new NodeBridge(Integer.parseInt(number)).remove();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
