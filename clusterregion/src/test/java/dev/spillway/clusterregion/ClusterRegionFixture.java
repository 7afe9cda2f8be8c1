package dev.spillway.clusterregion;

import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.clusterregion.surroundings.CopyTimes;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.embedded.http.EmbeddedCluster;
import dev.spillway.embedded.http.EmbeddedSettings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.RegionFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An embedded cluster as the region of the conformance kit, with a played scheduler and kubelet, reached through a {@link Gateway}. Stock is what the
 * scheduler has room for, the quota is the API server's.
 */
final class ClusterRegionFixture implements RegionFixture {
    static final RegionId REGION = new RegionId("region-a");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    final HomePlay home = new HomePlay();
    volatile InstantSource clock = InstantSource.system();
    final EmbeddedCluster cluster = EmbeddedCluster.start(EmbeddedSettings.onPort(0));
    final Gateway gateway = new Gateway(cluster.endpoint());
    final RegionPlay play = new RegionPlay(client(cluster.endpoint()));
    private final List<RegionBackend> opened = new ArrayList<>();
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile int quota = Integer.MAX_VALUE;

    ClusterRegionFixture() {
        script(call -> null);
    }

    static ApiClient client(URI endpoint) {
        try {
            var file = Files.createTempFile("kubeconfig", ".yaml");
            Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: region, cluster: {server: "%s"}}
                users:
                - {name: region, user: {}}
                contexts:
                - {name: region, context: {cluster: region, user: region}}
                current-context: region
                """.formatted(endpoint));
            var connection = KubeConnection.open(file, "spillway-test");
            Files.delete(file); // read again in vain, which is borne
            return new ApiClient(connection, 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ClusterRegionSettings settings(String clusterId) {
        return new ClusterRegionSettings(
                clusterId + "-",
                List.of(),
                Map.of("L20", Map.of()),
                RegionPlay.ZONE_LABEL,
                Map.of(),
                Set.of(),
                false,
                "",
                new Resources(1000, 1, 1));
    }

    @Override
    public RegionBackend open(String clusterId) {
        return open(clusterId, DEADLINE);
    }

    @Override
    public RegionBackend open(String clusterId, Duration deadline) {
        return open(gateway.endpoint(), clusterId, deadline);
    }

    private RegionBackend open(URI endpoint, String clusterId, Duration deadline) {
        return open(endpoint, clusterId, deadline, Times.DEFAULT);
    }

    private ClusterRegionBackend open(URI endpoint, String clusterId, Duration deadline, Times times) {
        var backend = ClusterRegionBackend.open(
                REGION, settings(clusterId), client(endpoint), home, clusterId, deadline, times, clock);
        opened.add(backend);
        return backend;
    }

    /** A backend of cluster-1 whose housekeeping does not wait long for anything. */
    ClusterRegionBackend openHasty(Duration deadline) {
        var at = Duration.ofMillis(50);
        var copies = new CopyTimes(Duration.ZERO, Duration.ZERO, Duration.ofMillis(300));
        var times = new Times(at, at, copies, new Doubling(at, at));
        return open(gateway.endpoint(), "cluster-1", deadline, times);
    }

    /** Requests go by this script; without one they reach the server. */
    void script(Gateway.Script script) {
        scripted(script);
    }

    @Override
    public InstanceId idThatNeverWas() {
        return new InstanceId("cluster-1-default/never/0c1f6a1e-0000-4000-8000-000000000009");
    }

    @Override
    public void stock(String zone, int instances) {
        play.room(zone, instances);
    }

    @Override
    public void quota(int instances) {
        quota = instances;
    }

    /** A ResourceQuota is its namespace's. */
    @Override
    public Class<? extends Refusal> refusalAtQuota() {
        return Refusal.Invalid.class;
    }

    private void scripted(Gateway.Script script) {
        hanging.countDown();
        gateway.script(call -> {
            boolean isCreation = call.method().equals("POST") && call.path().contains("/pods?");
            if (isCreation && quota != Integer.MAX_VALUE && play.live() >= quota) {
                return Gateway.Answer.status(
                        403,
                        "Forbidden",
                        "pods is forbidden: exceeded quota: pods, requested: pods=1, used: pods=1, limited: pods=1");
            }
            return script.on(call);
        });
    }

    @Override
    public void disturb(Disturbance disturbance) {
        switch (disturbance) {
            case NONE -> script(call -> null);
            case UNAVAILABLE -> always(Gateway.Answer.status(503, "ServiceUnavailable", "no time"));
            case UNAUTHORISED -> always(Gateway.Answer.status(401, "Unauthorized", "Unauthorized"));
            case THROTTLED ->
                always(new Gateway.Answer(
                        429, Map.of("Retry-After", Long.toString(RETRY_AFTER.toSeconds())), "Too many requests.\n"));
            case HANGING -> {
                var latch = new CountDownLatch(1);
                script(call -> {
                    boolean _ = latch.await(60, TimeUnit.SECONDS);
                    return Gateway.Answer.LOST;
                });
                hanging = latch;
            }
            case LOSING_ANSWERS -> script(this::loseAnswer);
            case UNREACHABLE -> {
                hanging.countDown();
                gateway.tearDown();
            }
        }
    }

    private void always(Gateway.Answer answer) {
        script(call -> answer);
    }

    /** Of requests that have made or ended a pod, once the scheduler has had its say. */
    private Gateway.@Nullable Answer loseAnswer(Gateway.Call call) throws IOException, InterruptedException {
        if (!call.isPodWrite()) {
            return null;
        }
        var response = gateway.ask(call);
        var body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        if (response.statusCode() >= 300) { // a namespace so new that it has no service account yet
            return new Gateway.Answer(response.statusCode(), Map.of("Content-Type", "application/json"), body);
        }
        play.awaitDecisions();
        return Gateway.Answer.LOST;
    }

    @Override
    public void failAfterAccept() {
        play.failAll();
    }

    @Override
    public void reclaim(InstanceId instance) {
        play.pods().stream()
                .filter(pod -> instance.value().endsWith(pod.at("/metadata/uid").asText()))
                .forEach(play::evict);
    }

    @Override
    public boolean answerNonsense(int kind) {
        if (kind >= Nonsense.KINDS.size()) {
            return false;
        }
        always(Nonsense.KINDS.get(kind));
        return true;
    }

    @Override
    public void listNothing() {
        var lists = new AtomicInteger();
        script(call -> {
            if (call.isWatch() && lists.get() == 0) {
                return Gateway.Answer.status(410, "Expired", "too old");
            }
            if (!call.isList()) {
                return null;
            }
            lists.incrementAndGet();
            return new Gateway.Answer(200, Map.of("Content-Type", "application/json"), emptied(call));
        });
        Await.until("an empty list for the watch", () -> lists.get() > 0);
    }

    private String emptied(Gateway.Call call) throws IOException, InterruptedException {
        try (var body = gateway.ask(call).body()) {
            var list = HomePlay.object(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            list.putArray("items");
            return list.toString();
        }
    }

    /** A first page that leads on to one which the server cannot give. */
    @Override
    public void failListsHalfWay() {
        script(call -> {
            if (!call.isList()) {
                return null;
            }
            return call.path().contains("continue=")
                    ? Gateway.Answer.status(500, "InternalError", "the store is gone")
                    : new Gateway.Answer(200, Map.of("Content-Type", "application/json"), leadingOn(call));
        });
    }

    private String leadingOn(Gateway.Call call) throws IOException, InterruptedException {
        try (var body = gateway.ask(call).body()) {
            var list = HomePlay.object(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            list.withObject("/metadata").put("continue", "more");
            return list.toString();
        }
    }

    @Override
    public void watchGap(String clusterId, Consumer<RegionBackend> meanwhile) {
        script(call -> call.isWatch() ? Gateway.Answer.status(503, "ServiceUnavailable", "") : null);
        meanwhile.accept(open(cluster.endpoint(), clusterId, DEADLINE));
        var forgotten = new AtomicInteger();
        script(call -> call.isWatch() && forgotten.getAndIncrement() == 0
                ? Gateway.Answer.status(410, "Expired", "too old resource version")
                : null);
    }

    @Override
    public int liveInstances() {
        return play.live();
    }

    @Override
    public int instancesEver() {
        return play.ever();
    }

    @Override
    public void close() {
        hanging.countDown();
        opened.forEach(RegionBackend::close);
        gateway.close();
        play.close();
        cluster.close();
    }
}
