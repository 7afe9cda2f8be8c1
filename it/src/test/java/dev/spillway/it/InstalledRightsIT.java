package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A controller under the ServiceAccount that deploy/ installs: what it asked of the API server, by the audit log, and what it may ask. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class InstalledRightsIT {
    private static final String ACCOUNT = "system:serviceaccount:spillway-system:spillway";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the life of one pod in a region has no use for: volumes, preemption, owners of other kinds, callers with a token. */
    private static final List<String> FOR_OTHER_LIVES = List.of(
            "persistentvolume",
            "storageclasses",
            "csinodes",
            "poddisruptionbudgets",
            "tokenreviews",
            "replicationcontrollers",
            "statefulsets",
            "daemonsets",
            "jobs",
            "clonesets",
            "rayclusters",
            "workflows",
            "sparkapplications",
            "taskruns",
            // A Node that is there already, when a process starts or a zone is retired.
            "nodes patch",
            "nodes/status patch",
            // Deletion cost of a pod that was placed before its policy came.
            "pods patch");

    @TempDir
    private Path folder = Path.of("");

    private Path auditLog;
    private ControlPlane cluster;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws IOException {
        auditLog = folder.resolve("audit.log");
        var policy = Files.writeString(folder.resolve("policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                  - {level: Metadata, users: ['%s'], omitStages: [RequestReceived]}
                  - level: None
                """.formatted(ACCOUNT));
        cluster = ControlPlane.start(ControlPlaneSettings.defaults()
                .withAuditLog(auditLog)
                .withApiserverArgument("--audit-policy-file=" + policy));
        kubectl = new Kubectl(cluster.kubectl(), cluster.kubeconfig());
        kubectl("apply", "--server-side", "-k", "../deploy");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nothingIsDeniedAndWhatIsGrantedIsUsed() throws Exception {
        int port = LoopbackPorts.another();
        var admin = cluster.kubeconfig().toString();
        try (var regions = SpillwayProcess.start(
                        folder.resolve("regions.log"), "simulated-regions", "--port=" + port, "--kubeconfig", admin);
                var controller = SpillwayProcess.start(
                        folder.resolve("controller.log"),
                        "controller",
                        "--port=0",
                        "--lease-namespace=spillway-system",
                        "--kubelet-port=0",
                        "--kubelet-client-ca=" + cluster.kubeletClientCertificate(),
                        "--kubeconfig",
                        restricted().toString())) {
            await("the controller leads", Duration.ofMinutes(1), () -> {
                assertThat(controller.isAlive()).as(controller.output()).isTrue();
                return controller.output().contains("leading");
            });
            assertThat(regions.isAlive()).as(regions.output()).isTrue();
            liveAndLeave(port);
        }

        assertThat(denied()).isEmpty();
        var unused = new TreeSet<>(granted());
        unused.removeAll(used().keySet());
        System.out.println("verbs used by the controller in the life of one pod:");
        used().forEach((verb, count) -> System.out.printf("  %-75s %4d%n", verb, count));
        assertThat(unused.stream().filter(verb -> FOR_OTHER_LIVES.stream().noneMatch(verb::contains)))
                .as("granted, and neither used nor known to be for something else")
                .isEmpty();
    }

    /** A pod runs, is asked for its log, and goes; then its region goes, and with it the virtual nodes. */
    private void liveAndLeave(int port) throws IOException {
        var regions =
                Files.readString(Path.of("../examples/regions.yaml")).replace("127.0.0.1:8087", "127.0.0.1:" + port);
        var file = Files.writeString(folder.resolve("regions.yaml"), regions).toString();
        kubectl("apply", "-f", file);
        kubectl("apply", "-f", "../examples/article-1-pinned.yaml");
        kubectl("apply", "-f", "../examples/article-2-spill.yaml");
        await("the pod runs", Duration.ofMinutes(1), () -> pods("status.phase=Running") >= 1);
        var name = kubectl("get", "pods", "--field-selector=status.phase=Running", "-o", "name")
                .lines()
                .findFirst()
                .orElseThrow();
        kubectl("logs", name);
        kubectl("delete", "-f", "../examples/article-1-pinned.yaml", "-f", "../examples/article-2-spill.yaml");
        await("the pods are gone", Duration.ofMinutes(1), () -> pods("metadata.namespace=default") == 0);
        kubectl("delete", "-f", file);
        await(
                "the virtual nodes are gone",
                Duration.ofMinutes(1),
                () -> kubectl("get", "nodes", "-o", "name").isBlank());
    }

    private long pods(String selector) {
        return kubectl("get", "pods", "-o", "name", "--field-selector", selector)
                .lines()
                .filter(line -> line.startsWith("pod/"))
                .count();
    }

    private List<JsonNode> audited() throws IOException {
        try (var lines = Files.lines(auditLog)) {
            return lines.map(InstalledRightsIT::parse).toList();
        }
    }

    private List<String> denied() throws IOException {
        return audited().stream()
                .filter(event -> event.at("/responseStatus/code").asInt() == 403)
                .map(InstalledRightsIT::asked)
                .distinct()
                .toList();
    }

    private SortedMap<String, Integer> used() throws IOException {
        var used = new TreeMap<String, Integer>();
        audited().forEach(event -> used.merge(asked(event), 1, Integer::sum));
        return used;
    }

    private static String asked(JsonNode event) {
        var object = event.path("objectRef");
        if (object.isMissingNode()) {
            return event.path("requestURI").asText() + " " + event.path("verb").asText();
        }
        var part = object.path("subresource").asText();
        return verb(
                object.path("apiGroup").asText(),
                object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
                event.path("verb").asText());
    }

    private static String verb(String group, String resource, String verb) {
        return "%s %s".formatted(group.isEmpty() ? resource : resource + "." + group, verb);
    }

    private Set<String> granted() {
        var granted = new TreeSet<String>();
        var roles = parse(
                kubectl("get", "clusterroles,roles", "-A", "-l", "app.kubernetes.io/name=spillway", "-o", "json"));
        for (var role : roles.path("items")) {
            for (var rule : role.path("rules")) {
                for (var verb : rule.path("verbs")) {
                    rule.path("nonResourceURLs").forEach(url -> granted.add(url.asText() + " " + verb.asText()));
                    rule.path("apiGroups")
                            .forEach(group -> rule.path("resources")
                                    .forEach(resource ->
                                            granted.add(verb(group.asText(), resource.asText(), verb.asText()))));
                }
            }
        }
        return granted;
    }

    private Path restricted() throws IOException {
        var token = kubectl("create", "token", "spillway", "--namespace=spillway-system")
                .strip();
        return Files.writeString(
                folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: '%s', certificate-authority: '%s'}}]
                    users: [{name: u, user: {token: '%s'}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """.formatted(cluster.server(), cluster.certificateAuthority(), token));
    }

    private String kubectl(String... words) {
        var ended = kubectl.run(Arrays.asList(words));
        assertThat(ended.exitCode())
                .as("kubectl %s: %s", List.of(words), ended.text())
                .isZero();
        return ended.text();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
