package dev.spillway.clusterregion.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.RegionId;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.regions.conformance.FaultCase;
import dev.spillway.regions.conformance.OnBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A region that cannot be reached for long, on a clock that stands still but for the pauses between tries. */
@OnBackend("another cluster")
class PodWatchTest {
    private static final RegionId REGION = new RegionId("region-b");

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final CountDownLatch isOver = new CountDownLatch(1);

    @Test
    @FaultCase("F59")
    void inAnHourInWhichARegionCannotBeReachedItIsTriedAFewHundredTimes() throws Exception {
        try (var region = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var client = client(region.getLocalPort())) {
            Thread.ofVirtual().start(() -> hangUp(region));
            var pods = new RegionPods("cluster-1", REGION);
            try (var watch = new PodWatch(REGION, client, pods, Duration.ofSeconds(5), this::pass)) {
                watch.start();
                assertThat(isOver.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        // One in 10 s once the pauses have grown, and the connection that is tried again.
        assertThat(connections).hasValueBetween(350, 800);
    }

    private void pass(CountDownLatch closed, Duration pause) throws InterruptedException {
        if (passed.accumulateAndGet(pause, Duration::plus).compareTo(Duration.ofHours(1)) >= 0) {
            isOver.countDown();
            closed.await();
        }
    }

    /** The link is lost: whoever comes is let in and hears nothing but the end. */
    private void hangUp(ServerSocket region) {
        try {
            while (true) {
                try (var _ = region.accept()) {
                    connections.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static ApiClient client(int port) throws IOException {
        var kubeconfig = """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: c, cluster: {server: "http://127.0.0.1:%d"}}
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            users:
            - {name: u, user: {}}
            current-context: x
            """.formatted(port);
        return new ApiClient(KubeConnection.ofText("of a test", () -> kubeconfig, "test"), 4);
    }
}
