package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real containers on a {@link RealNode}: what kubectl does with them, and how they end and fail.
 */
@NeedsContainers
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ContainersIT {

    @TempDir
    private static Path folder;

    private static ControlPlane cluster;
    private static RealNode node;
    private static LivePods pods;

    @BeforeAll
    static void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        cluster.startScheduler();
        node = RealNode.start(cluster, folder, "worker");
        pods = new LivePods(cluster);
    }

    @AfterAll
    static void stop() {
        node.close();
        cluster.close();
    }

    @Test
    void aPodIsReadyWhenItsProbeSaysSoAndItsAddressAnswers() throws Exception {
        create("probed", """
                containers:
                  - name: web
                    image: %s
                    command: [sh, -c, "sleep 2; echo hello >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
                    readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                """.formatted(RealNode.BUSYBOX));
        await(
                "its container runs",
                () -> !field("probed", "containerStatuses[0].state.running").isEmpty());

        assertThat(field("probed", "containerStatuses[0].ready")).isEqualTo("false");
        pods.untilReady("probed");

        assertThat(LivePods.get("http://%s:8080/".formatted(field("probed", "podIP"))))
                .isEqualTo("hello\n");
        assertThat(field("probed", "hostIP")).isEqualTo(node.address());
    }

    @Test
    void logsExecAndPortForwardReachTheContainer() throws Exception {
        create("reached", """
                containers:
                  - name: net
                    image: %s
                    args: [netexec, --http-port=8080]
                    readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                """.formatted(RealNode.AGNHOST));
        pods.untilReady("reached");

        assertThat(pods.kubectl("logs", "reached").text()).contains("Started HTTP server on port 8080");
        assertThat(pods.kubectl("exec", "reached", "--", "hostname").text()).isEqualTo("reached\n");
        assertThat(pods.kubectl("exec", "reached", "--", "sh", "-c", "exit 37").exitCode())
                .isEqualTo(37);
        try (var forward =
                pods.kubectl().start(folder.resolve("forward"), List.of("port-forward", "pod/reached", ":8080"))) {
            await("the port is forwarded", () -> !read(forward.output()).isEmpty());
            String port = read(forward.output()).replaceFirst("(?s)Forwarding from 127.0.0.1:(\\d+) .*", "$1");
            assertThat(LivePods.get("http://127.0.0.1:%s/hostname".formatted(port)))
                    .isEqualTo("reached");
        }
    }

    @Test
    void podsReachOneAnotherByTheirAddresses() {
        create(
                "server",
                "containers: [{name: net, image: %s, args: [netexec, --http-port=80]}]".formatted(RealNode.AGNHOST));
        create(
                "client",
                "containers: [{name: shell, image: %s, command: [sleep, '1000']}]".formatted(RealNode.BUSYBOX));
        pods.untilReady("server");
        pods.untilReady("client");

        var answer = pods.kubectl("exec", "client", "--", "wget", "-q", "-O-", field("server", "podIP") + "/clientip");

        assertThat(answer.text()).startsWith(field("client", "podIP") + ":");
    }

    @Test
    void aDeletedPodHasItsGraceAndNoMore() {
        create(
                "obeys",
                "containers: [{name: shell, image: %s, command: [sh, -c, 'trap exit TERM; while :; do sleep 0.1; done']}]"
                        .formatted(RealNode.BUSYBOX));
        create(
                "ignores",
                "containers: [{name: shell, image: %s, command: [sleep, '1000']}]".formatted(RealNode.BUSYBOX));
        pods.untilReady("obeys");
        pods.untilReady("ignores");

        assertThat(secondsToDelete("obeys", 30)).isLessThan(15);
        // Process 1 gets no SIGTERM that it does not ask for.
        assertThat(secondsToDelete("ignores", 3)).isBetween(3.0, 15.0);
    }

    @Test
    void aCrashLoopShowsRestartsAndTheExitCode() {
        create(
                "crashes",
                "containers: [{name: shell, image: %s, command: [sh, -c, 'exit 3']}]".formatted(RealNode.BUSYBOX));

        // It shows how it ended until the kubelet looks at it again, which may be 10 s later.
        await(
                "it waits to be started again",
                Duration.ofMinutes(2),
                () -> field("crashes", "containerStatuses[0].state.waiting.reason")
                        .equals("CrashLoopBackOff"));

        assertThat(Integer.parseInt(field("crashes", "containerStatuses[0].restartCount")))
                .isPositive();
        assertThat(field("crashes", "containerStatuses[0].lastState.terminated.exitCode"))
                .isEqualTo("3");
        assertThat(field("crashes", "phase")).isEqualTo("Running");
    }

    @Test
    void aContainerThatWantsMoreMemoryThanItsLimitIsKilled() {
        create("greedy", """
                restartPolicy: Never
                containers:
                  - name: shell
                    image: %s
                    command: [sh, -c, "exec tail /dev/zero"]
                    resources: {limits: {memory: 16Mi}}
                """.formatted(RealNode.BUSYBOX));

        await("it failed", () -> field("greedy", "phase").equals("Failed"));

        assertThat(field("greedy", "containerStatuses[0].state.terminated.reason"))
                .isEqualTo("OOMKilled");
        assertThat(field("greedy", "containerStatuses[0].state.terminated.exitCode"))
                .isEqualTo("137");
    }

    @Test
    void anImageThatNobodyHasIsAnErrImagePull() throws IOException {
        create("imageless", "containers: [{name: none, image: 'localhost:%d/none:1'}]".formatted(closedPort()));

        await(
                "the pull failed",
                () -> field("imageless", "containerStatuses[0].state.waiting.reason")
                        .matches("ErrImagePull|ImagePullBackOff"));

        assertThat(field("imageless", "phase")).isEqualTo("Pending");
    }

    private static void create(String name, String spec) {
        pods.create(name, spec);
    }

    private static String field(String name, String path) {
        return pods.status(name, path);
    }

    private static double secondsToDelete(String name, int grace) {
        long began = System.nanoTime();
        assertThat(pods.kubectl("delete", "pod", name, "--grace-period=" + grace)
                        .exitCode())
                .isZero();
        return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
