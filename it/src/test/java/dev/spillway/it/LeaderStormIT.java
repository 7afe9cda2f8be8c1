package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two controllers, one of which leads, and what befalls the leader while pods come in a storm: SIGKILL, a pause of a minute, SIGTERM, an API server that
 * restarts. Whatever it was, the caps are exact, each bound pod has its one instance, none is left over, and no pod was bound twice, by the API server's audit
 * log. After a kill another one leads within 15 s, after an orderly stop within 2 s. The storm of the kill has 2,000 pods, the others 500 to save time: {@code
 * -Dstorm.pods=2000} gives them as many.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class LeaderStormIT {
    private static final int PODS = Integer.getInteger("storm.pods", 500);
    private static final int MANY = Math.max(PODS, 2_000);
    private static final Duration TAKEOVER = Duration.ofSeconds(15); // the promise after a kill
    private static final Duration HANDOVER = Duration.ofSeconds(2); // the promise after a clean stop
    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final Duration API_AWAY = Duration.ofSeconds(5);
    private static final Pattern ADDRESS = Pattern.compile("simulated regions serve on (\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Storm> storms = new ArrayList<>();
    private ControlPlane cluster;
    private SpillwayProcess regions;
    private URI endpoint;
    private ControllerPair controllers;
    private Path auditLog;

    @BeforeAll
    void start() {
        auditLog = folder.resolve("audit.log");
        cluster = ControlPlane.start(ControlPlaneSettings.defaults().withAuditLog(auditLog));
        var installed = Spillway.run(cluster, "install");
        assertThat(installed.exitCode()).as(installed.toString()).isZero();
        regions = SpillwayProcess.start(
                folder.resolve("regions.log"),
                "simulated-regions",
                "--port=0",
                "--kubeconfig",
                cluster.kubeconfig().toString());
        await("the regions are served", () -> ADDRESS.matcher(regions.output()).find());
        var address = ADDRESS.matcher(regions.output());
        assertThat(address.find()).isTrue();
        endpoint = URI.create(address.group(1));
        Storm.create(cluster.api(), "/apis/spillway.dev/v1alpha1/regions", region(Storm.NEAR, "L20"));
        Storm.create(cluster.api(), "/apis/spillway.dev/v1alpha1/regions", region(Storm.FAR, "GU8TF"));
        controllers = new ControllerPair(cluster, folder);
    }

    @AfterAll
    void stop() {
        if (controllers != null) {
            controllers.close();
        }
        if (regions != null) {
            regions.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        http.close();
    }

    @Test
    @Order(1)
    void cleanStopHandsOverWithinTwoSeconds() throws Exception {
        var storm = storm("stopped", PODS);
        var before = controllers.holder();
        var leader = controllers.leader();
        var created = amid(storm);

        var told = Instant.now();
        long from = System.nanoTime();
        leader.terminate();
        var taken = since(from, controllers.awaitOtherThan(before));
        created.join();
        storm.awaitPlaced();
        await("the process ends", () -> !leader.isAlive());

        print("stopped in order: another one held the Lease after %s".formatted(text(taken)), storm, told, taken);
        assertEverythingExact();
        assertThat(taken).as("SIGTERM to the next leader").isLessThanOrEqualTo(HANDOVER);
    }

    @Test
    @Order(2)
    void apiServerRestartsAmidTheStorm() throws Exception {
        var storm = storm("restarted", PODS);
        var before = controllers.holder();
        var created = amid(storm);

        cluster.killApiserver();
        LockSupport.parkNanos(API_AWAY.toNanos());
        cluster.restartApiserver();
        var back = Instant.now();
        created.join();
        storm.awaitPlaced();

        print(
                "left alone by the API server for %d s: %s one led in the end"
                        .formatted(API_AWAY.toSeconds(), controllers.holder().equals(before) ? "the same" : "another"),
                storm,
                back,
                Duration.ZERO);
        assertEverythingExact();
    }

    @Test
    @Order(3)
    void leaderThatPausesForAMinuteDoesNoHarm() throws Exception {
        var storm = storm("paused", PODS);
        var before = controllers.holder();
        var leader = controllers.leader();
        var created = amid(storm);

        var told = Instant.now();
        long from = System.nanoTime();
        leader.pause();
        try {
            var taken = since(from, controllers.awaitOtherThan(before));
            created.join();
            storm.awaitPlaced();
            LockSupport.parkNanos(PAUSE.toNanos() - (System.nanoTime() - from));
            leader.resume();
            await("the paused one stands by", () -> controllers.standsBy(leader));

            print(
                    "paused for %d s: another one held the Lease after %s".formatted(PAUSE.toSeconds(), text(taken)),
                    storm,
                    told,
                    taken);
            assertEverythingExact();
            assertThat(taken).as("SIGSTOP to the next leader").isLessThanOrEqualTo(TAKEOVER);
        } finally {
            leader.resume();
        }
    }

    @Test
    @Order(4)
    void killedLeaderIsFollowedWithinFifteenSeconds() throws Exception {
        var storm = storm("killed", MANY);
        var before = controllers.holder();
        var leader = controllers.leader();
        var created = amid(storm);

        var told = Instant.now();
        long from = System.nanoTime();
        leader.kill();
        var taken = since(from, controllers.awaitOtherThan(before));
        created.join();
        storm.awaitPlaced();

        print("killed: another one held the Lease after %s".formatted(text(taken)), storm, told, taken);
        assertEverythingExact();
        assertThat(taken).as("SIGKILL to the next leader").isLessThanOrEqualTo(TAKEOVER);
    }

    private Storm storm(String name, int pods) {
        controllers.complete();
        var storm = new Storm(cluster.api(), name, pods);
        storms.add(storm);
        return storm;
    }

    /** Begins the storm; returns when a quarter of what fits has been accepted. */
    private CompletableFuture<Void> amid(Storm storm) {
        int before = history().alive().size();
        var created = storm.begin();
        await(
                "a quarter is accepted",
                Duration.ofMinutes(2),
                () -> history().alive().size() - before >= storm.fitting() / 4);
        return created;
    }

    /** What must hold of this storm and still of those before it. */
    private void assertEverythingExact() throws IOException {
        await("an instance for each bound pod and no other", Duration.ofMinutes(2), this::eachInstanceIsOfABoundPod);
        var history = history();
        storms.forEach(storm -> storm.assertPlacedExactly(history));
        var pods = AuditedBinding.in(auditLog).stream().map(AuditedBinding::pod).toList();
        assertThat(pods).as("successful bindings").doesNotHaveDuplicates();
        int bound = storms.stream().mapToInt(Storm::fitting).sum();
        // The log lacks what a killed server, or the server for a killed client, did and could not answer any more.
        assertThat(pods).as("successful bindings").hasSizeBetween(bound * 9 / 10, bound);
        controllers.assertNoErrors();
    }

    private boolean eachInstanceIsOfABoundPod() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        var bound = new HashSet<String>();
        storms.forEach(storm -> bound.addAll(storm.bound()));
        var alive = history().alive();
        return alive.size() == bound.size()
                && alive.stream()
                        .map(InstanceHistory.Life::podUid)
                        .collect(toSet())
                        .equals(bound);
    }

    /** What befell the leader, at {@code told}, and when the first binding after {@code taken} from then came. */
    private void print(String what, Storm storm, Instant told, Duration taken) throws IOException {
        var after = told.plus(taken);
        var next = AuditedBinding.in(auditLog).stream()
                .map(AuditedBinding::at)
                .filter(at -> at.isAfter(after))
                .findFirst()
                .map(at -> text(Duration.between(told, at)))
                .orElse("no time, none was left");
        System.out.printf(
                "Storm, leader %s, the next binding came after %s; %s%n", what, next, storm.totals(history()));
    }

    private static String text(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }

    private static Duration since(long from, long until) {
        return Duration.ofNanos(until - from);
    }

    private InstanceHistory history() {
        try {
            var request = HttpRequest.newBuilder(endpoint.resolve("/v1/history"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return InstanceHistory.of(
                    parse(http.send(request, BodyHandlers.ofString()).body()));
        } catch (IOException e) {
            throw new AssertionError("no history", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted.", e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return Objects.requireNonNull(JSON.readTree(json));
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private String region(String name, String gpuModel) {
        // Slow enough that many requests are under way when the leader is struck.
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %1$s}
            spec:
              zones: [{id: %1$s-a}]
              offers: [{computeClass: gpu, gpuModel: %2$s}]
              backend:
                type: Simulated
                endpoint: %4$s
                requestTimeoutMillis: 3000
                simulated:
                  acceptLatencyMillis: 100
                  startupDelayMillis: 500
                  stock: [{gpuModel: %2$s, script: {constant: %3$d}}]
            """.formatted(name, gpuModel, 4 * MANY, endpoint);
    }
}
