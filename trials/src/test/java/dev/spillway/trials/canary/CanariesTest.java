package dev.spillway.trials.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.Main;
import dev.spillway.regions.conformance.Await;
import dev.spillway.trials.canary.Evidence.Channel;
import dev.spillway.trials.outside.OutsideClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * S12, of the whole controller as its command line starts it: a secret stands in every place that may hold one, both clusters quote what they are
 * sent in every kind of error, and nothing that comes out of the process shows any of it.
 */
@Timeout(240)
final class CanariesTest {
    private static final List<Integer> CODES = List.of(400, 401, 403, 409, 413, 422, 429, 500, 503);
    private static final String SHARED = "far";
    private static final List<String> BAD_REGIONS = List.of("bad-url", "bad-yaml", "bad-key", "bad-plugin");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(45);

    @TempDir
    private Path folder;

    private final Evidence evidence = new Evidence();

    @Test
    void noneGetsOut() throws Exception {
        var recordings = Files.createDirectory(folder.resolve("recordings"));
        var begun = Instant.now();
        try (var clusters = new Clusters(evidence);
                var _ = new LogCapture(evidence)) {
            regions(clusters);
            try (var controller = new CommandedController(evidence, clusters.kubeconfig(folder), recordings)) {
                controller.readHealth();
                // A pod that is there before a controller waits until every region has been heard of, these among them.
                Await.until(
                        "the lead",
                        () -> evidence.of(Channel.LOG).stream()
                                .anyMatch(line -> line.contains("the cluster is listed")));
                badRegions(clusters);
                BAD_REGIONS.forEach(this::awaitTried);
                pods(clusters);
                for (var namespace : quoted()) {
                    awaitReason(clusters, namespace);
                }
                awaitField(clusters, "team", "/status/phase", "Running");
                streams(clusters);
                quoted().forEach(this::explain);
                explain("team");
                evidence.addProcesses();
                evidence.addTemporaryFiles(begun);
                controller.readHealth();
            }
            evidence.addFiles(Channel.RECORDING, recordings);

            assertThat(clusters.hostileRegion.sent)
                    .as("they were where they might have got out")
                    .contains(
                            Canary.REGION_TOKEN,
                            Canary.SECRET_VALUE,
                            Canary.SECRET_SECOND_LINE,
                            Canary.PULL_SECRET,
                            Canary.ACCOUNT_TOKEN,
                            Canary.VARIABLE,
                            Canary.HEADER,
                            Canary.ARGUMENT,
                            Canary.EXEC_COMMAND);
        }
        assertThat(evidence.of(Channel.LOG)).anyMatch(line -> line.startsWith("DEBUG"));
        assertThat(evidence.of(Channel.WRITTEN_AT_HOME)).anyMatch(text -> text.contains("(not shown)"));
        assertThat(evidence.of(Channel.RECORDING)).anyMatch(text -> text.contains("p-422"));
        assertThat(evidence.of(Channel.METRICS)).anyMatch(text -> text.contains("spillway_"));
        assertThat(evidence.of(Channel.COMMAND_OUTPUT)).anyMatch(text -> text.contains("(not shown)"));
        assertThat(evidence.sightings()).isEmpty();
    }

    /** The namespaces of pods that the region does not take. */
    private static List<String> quoted() {
        return CODES.stream()
                .flatMap(code -> Stream.of("s-" + code, "p-" + code))
                .toList();
    }

    /** One refusal of these is the whole Region's, and would keep other pods from being asked for. */
    private static String regionOf(String namespace) {
        return namespace.matches(".-(401|409|429|500|503)") ? SHARED + "-" + namespace : SHARED;
    }

    private static void regions(Clusters clusters) throws Exception {
        var kubeconfig = Clusters.kubeconfig(
                clusters.regionGateway.endpoint().toString(),
                "{token: \"%s\", client-key-data: \"%s\"}"
                        .formatted(Canary.REGION_TOKEN.value(), base64(Canary.REGION_KEY.value())));
        region(clusters, SHARED, kubeconfig);
        for (var namespace : quoted()) {
            if (!regionOf(namespace).equals(SHARED)) {
                region(clusters, regionOf(namespace), kubeconfig);
            }
        }
    }

    /** A region that nobody has tried to reach yet could not give anything away. */
    private void awaitTried(String region) {
        Await.until(
                "word of what is wrong with " + region,
                () -> evidence.of(Channel.LOG).stream()
                        .anyMatch(line -> line.startsWith("WARN") && line.contains("region=" + region)));
    }

    private static void badRegions(Clusters clusters) throws Exception {
        region(
                clusters,
                "bad-url",
                Clusters.kubeconfig(
                        "https://user:%s@127.0.0.1:1/?token=%s"
                                .formatted(Canary.URL_PASSWORD.value(), Canary.URL_TOKEN.value()),
                        "{}"));
        region(
                clusters,
                "bad-yaml",
                Clusters.kubeconfig("https://127.0.0.1:1", "{token: \"%s\"]".formatted(Canary.BROKEN_TOKEN.value())));
        region(
                clusters,
                "bad-key",
                Clusters.kubeconfig(
                        "https://127.0.0.1:1",
                        "{client-certificate-data: \"%1$s\", client-key-data: \"%1$s\"}"
                                .formatted(base64("-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----\n"
                                        .formatted(Canary.UNREADABLE_KEY.value())))));
        region(
                clusters,
                "bad-plugin",
                Clusters.kubeconfig(
                        "https://127.0.0.1:1",
                        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: none, args: [\"%s\"]}}"
                                .formatted(Canary.PLUGIN_ARGUMENT.value())));
    }

    private static void region(Clusters clusters, String name, String kubeconfig) throws Exception {
        clusters.secret("spillway-system", name, "{\"kubeconfig\": \"%s\"}".formatted(base64(kubeconfig)));
        clusters.client.apply("", Clusters.json("""
            {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "%1$s"},
             "spec": {"default": %2$s, "zones": [{"id": "%1$s-a"}], "backend": {"type": "Kubernetes", "requestTimeoutMillis": 5000,
                      "kubernetes": {"secretName": "%1$s", "namespacePrefix": "home-", "zoneLabel": "zone.example/id"}}}}
            """.formatted(name, name.equals(SHARED))));
    }

    /** One pod for each error, and one that runs. */
    private static void pods(Clusters clusters) throws Exception {
        var all = new ArrayList<>(quoted());
        all.add("team");
        for (var namespace : all) {
            clusters.client.create(
                    "/api/v1/namespaces", Clusters.json("{\"metadata\": {\"name\": \"%s\"}}".formatted(namespace)));
            var value = Canary.SECRET_VALUE.value() + "\n" + Canary.SECRET_SECOND_LINE.value();
            clusters.secret(namespace, "keys", "{\"key\": \"%s\"}".formatted(base64(value)));
            clusters.secret(
                    namespace,
                    "registry",
                    "{\".dockerconfigjson\": \"%s\"}"
                            .formatted(base64("{\"auths\": {\"registry.example\": {\"password\": \"%s\"}}}"
                                    .formatted(Canary.PULL_SECRET.value()))));
            var account = OutsideClient.core(namespace, "serviceaccounts") + "/default";
            clusters.client.await(
                    account,
                    LONGEST_WAIT,
                    () -> Optional.of(account)
                            .filter(_ -> clusters.client.get(account).isEmpty()));
            clusters.client.create(OutsideClient.core(namespace, "pods"), pod(regionOf(namespace)));
        }
    }

    private static ObjectNode pod(String region) {
        var pod = Clusters.json("""
            {"metadata": {"name": "web", "labels": {"alibabacloud.com/acs": "true"}, "annotations": {}},
             "spec": {"enableServiceLinks": false, "imagePullSecrets": [{"name": "registry"}],
              "containers": [{"name": "nginx", "image": "nginx:1.27", "envFrom": [{"secretRef": {"name": "keys"}}],
                "env": [{"name": "FROM", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "key"}}}, {"name": "PASSWORD"}],
                "livenessProbe": {"httpGet": {"path": "/", "port": 80, "httpHeaders": [{"name": "Authorization"}]}},
                "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true}]}],
              "volumes": [{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]}}]}}
            """);
        pod.withObject("/metadata/labels").put("alibabacloud.com/serverless-region-id", region);
        var container = (ObjectNode) pod.at("/spec/containers/0");
        container.putArray("args").add("--password=" + Canary.ARGUMENT.value());
        ((ObjectNode) container.at("/env/1")).put("value", Canary.VARIABLE.value());
        ((ObjectNode) container.at("/livenessProbe/httpGet/httpHeaders/0")).put("value", Canary.HEADER.value());
        pod.withObject("/metadata/annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        pod.path("spec").toString());
        return pod;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Why the pod waits stands on it. */
    private static void awaitReason(Clusters clusters, String namespace) throws InterruptedException {
        var path = OutsideClient.core(namespace, "pods") + "/web";
        clusters.client.await("why %s/web waits".formatted(namespace), LONGEST_WAIT, () -> {
            var conditions = clusters.client.get(path).orElseThrow().at("/status/conditions");
            for (var condition : conditions) {
                if (condition.path("type").asText().equals("PodScheduled")
                        && condition.path("message").asText().contains(SHARED)
                        && !condition.path("message").asText().contains("TakingOver")) {
                    return Optional.empty();
                }
            }
            return Optional.of(conditions.toString());
        });
    }

    private static void awaitField(Clusters clusters, String namespace, String field, String value)
            throws InterruptedException {
        var path = OutsideClient.core(namespace, "pods") + "/web";
        clusters.client.await(
                "%s of %s".formatted(value, path),
                LONGEST_WAIT,
                () -> Optional.of(clusters.client.get(path).orElseThrow().path("status"))
                        .filter(_ -> !clusters.client
                                .get(path)
                                .orElseThrow()
                                .at(field)
                                .asText()
                                .equals(value))
                        .map(Object::toString));
    }

    private void streams(Clusters clusters) throws Exception {
        var node = clusters.client
                .get(OutsideClient.NODES + "/virtual-kubelet-far-a")
                .orElseThrow();
        var kubectl = new KubectlClient(
                node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt());
        var log = kubectl.ask("GET /containerLogs/team/web/nginx", Canary.CLIENT_TOKEN);
        assertThat(log).contains(Canary.LOG_LINE.value());
        var exec = kubectl.ask(
                "POST /exec/team/web/nginx?output=1&command=login&command=" + Canary.EXEC_COMMAND.value(),
                Canary.CLIENT_TOKEN,
                "Connection: Upgrade",
                "Upgrade: SPDY/3.1",
                "X-Stream-Protocol-Version: v4.channel.k8s.io");
        assertThat(exec).contains("403").contains("(not shown)");
        // What somebody asked for they may see.
        evidence.add(Channel.STREAM_CLIENT, log.replace(Canary.LOG_LINE.value(), ""));
        evidence.add(Channel.STREAM_CLIENT, exec.replace(Canary.EXEC_COMMAND.value(), ""));
        var unlucky = kubectl.ask("GET /containerLogs/team/web/nginx", Canary.UNLUCKY_CLIENT_TOKEN);
        assertThat(unlucky).contains("503");
        evidence.add(Channel.STREAM_CLIENT, unlucky);
    }

    private void explain(String namespace) {
        var said = new StringWriter();
        var out = new PrintWriter(said, true);
        int _ = Main.run(
                out,
                out,
                "explain",
                "pod/web",
                "-n",
                namespace,
                "--kubeconfig",
                folder.resolve("kubeconfig").toString());
        evidence.add(Channel.COMMAND_OUTPUT, said.toString());
    }
}
