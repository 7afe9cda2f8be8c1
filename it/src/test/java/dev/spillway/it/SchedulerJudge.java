package dev.spillway.it;

import static dev.spillway.it.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A control plane of its own on which kube-scheduler says which nodes are feasible, and binds nothing: etcd, kube-apiserver and
 * kube-scheduler, whose extender is served here, notes the nodes it is handed and returns none. There is no
 * kube-controller-manager, so that nothing changes but by the test, and preemption is off.
 *
 * <p>Below 100 nodes kube-scheduler evaluates all of them, so the extender is handed exactly those that passed every filter; where
 * none did, it is not called.
 */
final class SchedulerJudge implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    // These admission plugins change objects on the way, or refuse what only kube-controller-manager or a RuntimeClass
    // would allow.
    private static final String ADMISSION = "--disable-admission-plugins=TaintNodesByCondition,ServiceAccount,"
            + "DefaultTolerationSeconds,StorageObjectInUseProtection,RuntimeClass";

    private final ControlPlaneProcesses processes;
    private final PlainApi api;
    private final HttpServer extender;
    private final Map<String, Set<String>> handed;

    private SchedulerJudge(
            ControlPlaneProcesses processes, PlainApi api, HttpServer extender, Map<String, Set<String>> handed) {
        this.processes = processes;
        this.api = api;
        this.extender = extender;
        this.handed = handed;
    }

    /** Starts one and returns when its API server is ready; the scheduler comes up meanwhile. */
    static SchedulerJudge start() {
        var settings = ControlPlaneSettings.defaults().withApiserverArgument(ADMISSION);
        var files = ControlPlaneFiles.create(settings);
        var processes = new ControlPlaneProcesses(files, settings.afterwards());
        var ports = LoopbackPorts.free();
        var arguments = new ControlPlaneArguments(ControlPlaneBinaries.obtain(), settings, files, ports);
        try {
            processes.start("etcd", arguments.etcd());
            var apiserver = processes.start("kube-apiserver", arguments.apiserver());
            apiserver.waitUntil("it made its certificate", START_LIMIT, files::serverCertificateIsThere);
            var api = new PlainApi(arguments.server(), files.token(), files.writeKubeconfig(arguments.server()));
            apiserver.waitUntil("/readyz says ok", START_LIMIT, () -> api.says200("/readyz"));
            var handed = new ConcurrentHashMap<String, Set<String>>();
            var extender = extender(handed);
            processes.start("kube-scheduler", scheduler(arguments, extender));
            return new SchedulerJudge(processes, api, extender, handed);
        } catch (ControlPlaneException e) {
            processes.stopAfterFailure();
            throw e;
        }
    }

    PlainApi api() {
        return api;
    }

    /** Waits until kube-scheduler tried to place the pod, and returns the nodes that passed all its filters. */
    Set<String> feasible(String namespace, String pod) {
        var path = "/api/v1/namespaces/%s/pods/%s".formatted(namespace, pod);
        // Written at the end of an attempt, when the extender was called or was not.
        await("kube-scheduler tried to place " + pod, () -> attempt(path).isPresent());
        return handed.getOrDefault(namespace + "/" + pod, Set.of());
    }

    private Optional<JsonNode> attempt(String path) {
        for (var condition : read(api.get(path).body()).at("/status/conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")
                    && condition.path("status").asText().equals("False")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private static List<String> scheduler(ControlPlaneArguments arguments, HttpServer extender) {
        var files = arguments.files();
        var config = files.file("scheduler.yaml");
        write(config, """
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: KubeSchedulerConfiguration
                clientConnection: {kubeconfig: %s, qps: 1000, burst: 2000}
                leaderElection: {leaderElect: false}
                podInitialBackoffSeconds: 1
                podMaxBackoffSeconds: 1
                profiles:
                  - schedulerName: default-scheduler
                    plugins: {multiPoint: {disabled: [{name: DefaultPreemption}]}}
                extenders:
                  - {urlPrefix: %s, filterVerb: filter, nodeCacheCapable: true}
                """.formatted(
                files.kubeconfig(),
                URI.create("http://127.0.0.1:%d".formatted(extender.getAddress().getPort()))));
        return List.of(
                arguments.binaries().binary("kube-scheduler").toString(),
                "--config=" + config,
                "--bind-address=127.0.0.1",
                "--secure-port=" + arguments.ports().controllerManager(),
                // With it, pods that look alike are judged once.
                "--feature-gates=OpportunisticBatching=false");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpServer extender(Map<String, Set<String>> handed) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/filter", exchange -> filter(exchange, handed));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void filter(HttpExchange exchange, Map<String, Set<String>> handed) throws IOException {
        try (exchange) {
            var question = JSON.readTree(exchange.getRequestBody());
            var names = new TreeSet<String>();
            question.path("NodeNames").forEach(name -> names.add(name.asText()));
            var metadata = question.at("/Pod/metadata");
            handed.put(
                    metadata.path("namespace").asText() + "/"
                            + metadata.path("name").asText(),
                    names);
            var answer = "{\"NodeNames\": [], \"FailedNodes\": {}}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        api.close();
        processes.stop();
        extender.stop(0);
    }
}
