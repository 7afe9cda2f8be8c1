package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.running.ContainerUsage;
import dev.spillway.regions.running.UsageAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pod of the region uses, by its metrics-server, which is played. */
class UsageTest {
    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final List<Instance> reports = new CopyOnWriteArrayList<>();
    private final ClusterRegionBackend backend = region.openHasty(Duration.ofSeconds(10));

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void figuresOfOurOwnContainersAloneAreTaken() {
        region.stock("region-a-1", 5);
        backend.watch(reports::add, why -> {});
        var answer = backend.acquire(requestFor("a").build());
        var id = ((AcquireAnswer.Accepted) answer).instance().id();
        Await.until("running", () -> reports.stream().anyMatch(report -> report.state() == Instance.State.RUNNING));
        var name = id.value().split("/", -1)[1];
        var startedAt = startedAt(id);
        var at = startedAt.plusSeconds(20);
        region.script(call -> call.path().startsWith("/apis/metrics.k8s.io/")
                ? new Gateway.Answer(200, Map.of("Content-Type", "application/json"), """
                        {"kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": {}, "items": [
                          {"metadata": {"namespace": "cluster-1-default", "name": "%1$s"}, "timestamp": "%2$s", "window": "15s",
                           "containers": [{"name": "nginx", "usage": {"cpu": "250000001n", "memory": "8192Ki"}},
                                          {"name": "nginx", "usage": {"cpu": "9", "memory": "9Gi"}},
                                          {"name": "injected-by-the-region", "usage": {"cpu": "1", "memory": "1Gi"}}]},
                          {"metadata": {"namespace": "elsewhere", "name": "%1$s"}, "timestamp": "%2$s",
                           "containers": [{"name": "nginx", "usage": {"cpu": "1", "memory": "1Gi"}}]},
                          {"metadata": {"namespace": "cluster-1-default", "name": "%1$s"}, "timestamp": "now",
                           "containers": [{"name": "nginx", "usage": {"cpu": "1", "memory": "1Gi"}}]}]}
                        """.formatted(name, at))
                : null);

        assertThat(backend.usage())
                .isEqualTo(new UsageAnswer.Known(Map.of(
                        id,
                        new UsageAnswer.Used(
                                new PodUid("uid-a"),
                                List.of(new ContainerUsage(
                                        "nginx", startedAt, at, 5_000_000_020L, 250_000_001, 8L << 20))))));
    }

    private Instant startedAt(InstanceId id) {
        return reports.stream()
                .filter(report -> report.id().equals(id))
                .flatMap(report -> report.containers().stream())
                .flatMap(container -> Stream.ofNullable(container.startedAt()))
                .findFirst()
                .orElseThrow();
    }
}
