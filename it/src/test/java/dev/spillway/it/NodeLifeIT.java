package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several {@link RealNode}s at once, what survives a kubelet, what it measures, and that a node leaves nothing behind, however it ends.
 */
@NeedsContainers
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class NodeLifeIT {

    private static final Duration TO_DIE = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    private static ControlPlane cluster;
    private static LivePods pods;

    @BeforeAll
    static void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        pods = new LivePods(cluster);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void containersOutliveTheKubelet() throws Exception {
        try (RealNode node = RealNode.start(cluster, folder, "restarted")) {
            pods.create("survivor", """
                    nodeName: restarted
                    containers: [{name: net, image: %s, args: [netexec, --http-port=80]}]
                    """.formatted(RealNode.AGNHOST));
            pods.untilReady("survivor");
            String address = "http://%s/hostname".formatted(pods.status("survivor", "podIP"));

            node.stopKubelet();

            assertThat(LivePods.get(address)).isEqualTo("survivor");
            assertThat(pods.kubectl("exec", "survivor", "--", "true").exitCode())
                    .isNotZero();

            node.startKubelet();
            await(
                    "the kubelet answers",
                    () -> pods.kubectl("exec", "survivor", "--", "true").exitCode() == 0);

            assertThat(LivePods.get(address)).isEqualTo("survivor");
            assertThat(pods.status("survivor", "containerStatuses[0].restartCount"))
                    .isEqualTo("0");
        }
    }

    @Test
    void podsOfSeveralNodesReachOneAnotherAndAClosedNodeLeavesNothingBehind() {
        try (RealNode _ = RealNode.start(cluster, folder, "stays")) {
            RealNode leaves = RealNode.start(cluster, folder, "leaves");
            pods.create("near", """
                    nodeName: stays
                    containers: [{name: shell, image: %s, command: [sleep, '1000']}]
                    """.formatted(RealNode.BUSYBOX));
            pods.create("far", """
                    nodeName: leaves
                    containers: [{name: net, image: %s, args: [netexec, --http-port=80]}]
                    """.formatted(RealNode.AGNHOST));
            pods.untilReady("near");
            pods.untilReady("far");
            String farAddress = pods.status("far", "podIP");
            assertThat(pods.kubectl("exec", "near", "--", "wget", "-q", "-O-", farAddress + "/hostname")
                            .text())
                    .isEqualTo("far");
            List<ProcessHandle> processes =
                    leaves.pids().stream().flatMap(NodeLifeIT::withDescendants).toList();
            assertThat(processes)
                    .as("unshare, shell, containerd, shim, pause, agnhost; nsenter, kubelet")
                    .hasSize(8);

            leaves.close();

            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(folder.resolve("leaves")).doesNotExist();
            assertNothingLeft(leaves.bridge());
            assertThat(cluster.api().get("/api/v1/nodes/leaves").statusCode()).isEqualTo(404);
            assertThat(cluster.api().get(LivePods.path("far")).statusCode()).isEqualTo(404);
            assertThat(pods.status("near", "phase")).isEqualTo("Running");
        }
    }

    @Test
    void kubectlTopSaysWhatAPodUses() {
        try (RealNode _ = RealNode.start(cluster, folder, "measured")) {
            pods.create("busy", """
                    nodeName: measured
                    containers: [{name: shell, image: %s, command: [sh, -c, 'while :; do :; done']}]
                    """.formatted(RealNode.BUSYBOX));
            pods.untilReady("busy");

            cluster.startMetricsServer();
            await(
                    "there are figures",
                    Duration.ofMinutes(2),
                    () -> pods.kubectl("top", "pod", "busy").exitCode() == 0);

            String figures = pods.kubectl("top", "pod", "busy", "--no-headers").text();
            assertThat(figures).matches("(?s)busy +\\d+m +\\d+Mi\\s*");
            assertThat(Integer.parseInt(figures.replaceFirst("(?s)busy +(\\d+)m .*", "$1")))
                    .as("thousandths of a core for a loop that never waits: %s", figures)
                    .isGreaterThan(50);
        }
    }

    /** A kubelet of its own accord sets these, for the machine that it has for itself. */
    @Test
    void theMachinesOwnSettingsStayAsTheyAre() {
        Map<String, String> before = settings();

        try (RealNode _ = RealNode.start(cluster, folder, "modest")) {
            assertThat(settings()).isEqualTo(before);
        }

        assertThat(settings()).isEqualTo(before);
    }

    @Test
    void aKilledJvmLeavesNothingBehind() throws IOException, URISyntaxException {
        try (CommandedNode killed = CommandedNode.start(cluster, folder)) {
            killed.jvm().destroyForcibly();

            killed.processes().forEach(each -> assertThat(each.onExit()).succeedsWithin(TO_DIE));
            assertNothingLeft(killed.bridge());
        }
    }

    @Test
    void theNextNodeEndsOneThatWasKilledWithItsGuard() throws IOException, URISyntaxException {
        try (CommandedNode killed = CommandedNode.start(cluster, folder)) {
            killed.guards().forEach(ProcessHandle::destroyForcibly);
            killed.jvm().destroyForcibly().onExit().join();
            List<ProcessHandle> node = killed.node();
            assertThat(node).as("unshare, shell, containerd").hasSize(3).allMatch(ProcessHandle::isAlive);

            NodeBridge.take().remove();

            node.forEach(each -> assertThat(each.onExit()).succeedsWithin(TO_DIE));
            assertNothingLeft(killed.bridge());
        }
    }

    @Test
    void anotherRunsNodeIsLeftAlone() {
        NodeBridge others = NodeBridge.take();
        try {
            NodeBridge next = NodeBridge.take();
            next.remove();

            assertThat(next).isNotEqualTo(others);
            assertThat(Path.of("/sys/class/net", others.name())).exists();
        } finally {
            others.remove();
        }
    }

    private static Map<String, String> settings() {
        return Stream.of(
                        "vm/overcommit_memory",
                        "vm/panic_on_oom",
                        "kernel/panic",
                        "kernel/panic_on_oops",
                        "net/ipv4/ip_forward",
                        "net/ipv4/conf/all/forwarding")
                .collect(Collectors.toMap(Function.identity(), name -> read(Path.of("/proc/sys", name))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<ProcessHandle> withDescendants(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants());
    }

    private static void assertNothingLeft(NodeBridge bridge) {
        await("the bridge is gone", () -> !Files.exists(Path.of("/sys/class/net", bridge.name())));
        await("the cgroups are gone", () -> cgroups(bridge).isEmpty());
    }

    /** Of version 2 in the root, of version 1 in the root of each hierarchy. */
    private static List<Path> cgroups(NodeBridge bridge) {
        try (Stream<Path> all = Files.find(Path.of("/sys/fs/cgroup"), 2, (path, _) -> path.endsWith(bridge.name()))) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
