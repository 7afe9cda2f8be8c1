package dev.spillway.app.nodeapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.RunningPods;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NodeApiTest {
    private static final VirtualNode NODE = new VirtualNode(
            new NodeName("virtual-kubelet-a"),
            new RegionId("r"),
            new ZoneId("a"),
            Labels.of(),
            List.of(),
            1,
            Resources.NONE,
            false,
            true,
            "");
    private static final HomePods NO_PODS = new HomePods() {
        @Override
        public Optional<Running> find(PodKey key) {
            return Optional.empty();
        }

        @Override
        public RunningPods in(RegionId region) {
            return RunningPods.NONE;
        }

        @Override
        public List<Running> on(NodeName node) {
            return List.of();
        }
    };

    private final BlockingQueue<ApiRequest> requests = new LinkedBlockingQueue<>();
    private final Sender home = (request, _) -> {
        if (request.path().contains("certificatesigningrequests")) {
            requests.add(request);
        }
        return ApiResponse.of(201, "{\"metadata\":{\"name\":\"spillway-kubelet-x\"},\"status\":{}}");
    };

    private NodeApi start(boolean isSigned) {
        var connection = KubeConnection.ofText("home", () -> """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: here, user: me}}]
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: me, user: {token: none}}]
                """, "spillway-test");
        var options = new NodeApiOptions(true, InetAddress.getLoopbackAddress(), 0, null, isSigned);
        return NodeApi.start(options, connection, home, NO_PODS);
    }

    @Test
    void untilItsCertificateIsSignedThePortIsServedAllTheSame() throws Exception {
        try (var api = start(true)) {
            var asked = requests.poll(10, TimeUnit.SECONDS);
            assertThat(asked).isNotNull();
            assertThat(asked.method()).isEqualTo("POST");
            var spec = new ObjectMapper().readTree(asked.body()).path("spec");
            assertThat(spec.path("signerName").asText()).isEqualTo("kubernetes.io/kubelet-serving");

            int port = api.of(NODE).port();

            try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void nothingIsAskedForUnlessItIsToldTo() throws Exception {
        try (var api = start(false)) {
            assertThat(api.certificateEnd().orElseThrow()).isAfter(Instant.now().plus(Duration.ofDays(365)));

            assertThat(requests.poll(300, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void theMetricSaysHowLongTheCertificateIsValid() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var now = Instant.parse("2026-03-01T09:00:00Z");

        new Meters(registry).observeCertificate(() -> now.plusSeconds(90), InstantSource.fixed(now));

        assertThat(registry.scrape()).contains("spillway_kubelet_certificate_remaining_seconds 90.0");
    }
}
