package dev.spillway.kubelet;

import static dev.spillway.kubelet.ServerFixture.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.OperatingSystemMXBean;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.ContainerUsage;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.UsageAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A port for each virtual node: by it alone it is known whose figures are asked for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NodePortsTest {
    private static final NodeName OTHER = new NodeName("vn-2");

    private final ServerFixture it = new ServerFixture();

    @AfterEach
    void end() {
        it.close();
    }

    private String answer(int port, String line) throws IOException {
        try (var client = new TlsClient(port, it.identity.certificate(), Optional.empty())) {
            return client.ask(line, TOKEN).answer();
        }
    }

    private void measure() {
        var usage = new ContainerUsage("main", Instant.EPOCH, Instant.EPOCH.plusSeconds(9), 1_500_000_000, 5, 7);
        it.region.usage = new UsageAnswer.Known(
                Map.of(new InstanceId("i-1"), new UsageAnswer.Used(new PodUid("uid-1"), List.of(usage))));
    }

    @Test
    void thePortSaysWhoseFiguresTheyAre() throws IOException {
        measure();
        int other = it.open(OTHER);

        assertThat(it.answer("GET /metrics/resource"))
                .contains(
                        "\ncontainer_cpu_usage_seconds_total{container=\"main\",namespace=\"ns\",pod=\"web\"} 1.500000000 9000\n");
        assertThat(answer(other, "GET /metrics/resource"))
                .doesNotContain("container_")
                .endsWith("resource_scrape_error 0\n");
        assertThat(it.answer("GET /stats/summary")).contains("\"nodeName\":\"vn-1\"", "\"uid\":\"uid-1\"");
        assertThat(answer(other, "GET /stats/summary")).contains("\"nodeName\":\"vn-2\"", "\"pods\":[]");
        assertThat(it.answer("GET /metrics")).contains("node=\"vn-1\"");
        assertThat(answer(other, "GET /metrics")).contains("node=\"vn-2\"");
    }

    @Test
    void aNodesPodsAreThoseThatHomeHas() throws IOException {
        assertThat(it.answer("GET /pods")).isEqualTo("200 {\"kind\":\"PodList\"}");
        assertThat(it.home.requests().getLast().path())
                .isEqualTo("/api/v1/pods?resourceVersion=0&fieldSelector=spec.nodeName%3Dvn-1");
        it.home.pods = _ -> null;
        assertThat(it.answer("GET /runningpods/")).startsWith("503 ");
    }

    @Test
    void aSilentRegionIsAnErrorAndNoZero() throws IOException {
        it.region.usage = new UsageAnswer.Unknown("connection refused");

        assertThat(it.answer("GET /stats/summary")).startsWith("503 ");
        assertThat(it.answer("GET /metrics/resource")).doesNotContain("pod=").endsWith("resource_scrape_error 1\n");
    }

    @Test
    void theRightIsAboutThePortsNodeAndTheFigures() throws IOException {
        int other = it.open(OTHER);
        for (var right : Map.of("/metrics/resource", "metrics", "/stats/summary", "stats", "/pods", "pods")
                .entrySet()) {
            it.home.access = request ->
                    FakeHome.allowed(request.body().contains("\"subresource\":\"" + right.getValue() + "\"")
                            && request.body().contains("\"name\":\"vn-1\""));
            assertThat(it.answer("GET " + right.getKey())).startsWith("200 ");
            assertThat(answer(other, "GET " + right.getKey())).startsWith("403 ");
        }
        it.home.access = request -> FakeHome.allowed(request.body().contains("\"subresource\":\"proxy\""));
        int third = it.open(new NodeName("vn-3")); // about which nothing is remembered
        assertThat(answer(third, "GET /metrics/resource")).startsWith("403 "); // as a kubelet does it
    }

    @Test
    void streamsComeOverAnyPort() throws IOException {
        it.region.answer = new StreamAnswer.Refused(404, "no such container");

        assertThat(answer(it.open(OTHER), "GET /containerLogs/ns/web/main")).isEqualTo("404 no such container\n");
    }

    @Test
    void aNodesPortStaysUntilTheNodeIsGone() throws IOException {
        int port = it.open(OTHER);
        assertThat(it.open(OTHER)).isEqualTo(port).isNotEqualTo(it.port);
        assertThat(answer(port, "GET /healthz")).isEqualTo("200 ok");

        it.server.close(OTHER);

        untilClosed(port);
        assertThat(it.answer("GET /healthz")).isEqualTo("200 ok");
        assertThat(it.server.nodes()).isEqualTo(1);
    }

    /** A thread that is in the middle of accepting still ends that. */
    private static void untilClosed(int port) {
        for (int i = 0; i < 500; i++) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("port " + port + " stays open");
    }

    @Test
    void nodesTakeThePortsFromTheFirstOnAndPassOverThoseThatOthersHave() throws IOException {
        try (var others = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var listeners =
                        new NodeListeners(InetAddress.getLoopbackAddress(), others.getLocalPort(), (_, socket) -> {})) {
            int first = listeners.open(new NodeName("a"));
            int second = listeners.open(new NodeName("b"));
            assertThat(first).isGreaterThan(others.getLocalPort());
            assertThat(second).isGreaterThan(first);

            listeners.close(new NodeName("a"));
            untilClosed(first);
            assertThat(listeners.open(new NodeName("c"))).isEqualTo(first);
        }
    }

    @Test
    void thereIsNoPortAboveTheHighest() throws IOException {
        try (var listeners = new NodeListeners(InetAddress.getLoopbackAddress(), 65_535, (_, socket) -> {})) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> {
                        listeners.open(new NodeName("a"));
                        listeners.open(new NodeName("b"));
                    })
                    .withMessageContaining("choose a lower --kubelet-port");
        }
    }

    @Test
    void anAddressThatIsNotOursIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new NodeListeners(InetAddress.getByName("192.0.2.1"), 0, (_, socket) -> {}).close())
                .withMessageContaining("192.0.2.1");
    }

    /** The figures of decision 0020. */
    @Test
    void aThousandNodesCostNoThreads() throws IOException {
        it.answer("GET /healthz"); // classes are loaded
        var threads = ManagementFactory.getThreadMXBean();
        int threadsBefore = threads.getThreadCount();
        long heapBefore = heap();
        long residentBefore = residentKilobytes();
        long began = System.nanoTime();
        var ports = new HashSet<Integer>();
        for (int i = 0; i < 1_000; i++) {
            ports.add(it.open(new NodeName("many-" + i)));
        }
        long opened = System.nanoTime() - began;
        System.out.printf(
                "1,000 ports: %d ms, %+d threads, heap %+d KB, resident %+d KB%n",
                opened / 1_000_000,
                threads.getThreadCount() - threadsBefore,
                (heap() - heapBefore) / 1024,
                residentKilobytes() - residentBefore);
        assertThat(ports).hasSize(1_000);
        assertThat(threads.getThreadCount() - threadsBefore).isLessThan(20);
        int asked = Integer.getInteger("scrapes", 20);
        long cpu = cpuNanos();
        for (int port : ports.stream().limit(asked).toList()) {
            assertThat(answer(port, "GET /metrics/resource")).startsWith("200 ");
        }
        System.out.printf(
                "%d scrapes, each with a handshake, client included: %.1f ms of CPU each%n",
                asked, (cpuNanos() - cpu) / 1e6 / asked);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** 0 where the system does not say. */
    private static long residentKilobytes() throws IOException {
        var status = Path.of("/proc/self/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                : 0;
    }
}
