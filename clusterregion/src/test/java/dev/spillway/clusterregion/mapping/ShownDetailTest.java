package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.report.PodStatuses;
import dev.spillway.embedded.http.EmbeddedCluster;
import dev.spillway.embedded.http.EmbeddedSettings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.ClusterRequests;
import dev.spillway.kube.translate.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A status that was written is known from the home pod: its fingerprint is the report's. */
class ShownDetailTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private static EmbeddedCluster home;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        home = EmbeddedCluster.start(EmbeddedSettings.onPort(0));
        var kubeconfig = """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: c, cluster: {server: "%s"}}
            users:
            - {name: u, user: {}}
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            current-context: x
            """.formatted(home.endpoint());
        client = new ApiClient(KubeConnection.ofText("of a test", () -> kubeconfig, "test"), 4);
    }

    @AfterAll
    static void close() {
        client.close();
        home.close();
    }

    static Stream<JsonNode> running() {
        return StatusMappingTest.statuses()
                .filter(example -> example.at("/instance/state").asText().equals("RUNNING"));
    }

    @ParameterizedTest
    @MethodSource("running")
    void theHomePodShowsWhatTheReportTells(JsonNode example) throws IOException {
        var report = StatusMappingTest.report(complete(StatusMappingTest.pod(example)), null);
        var pod = create();
        assertThat(pod.detail()).isNotEqualTo(report.instance().detail());

        write(pod, report);

        assertThat(read(pod).detail()).isEqualTo(report.instance().detail());
    }

    /** Every kubelet says these, whatever else an example is about. */
    private static ObjectNode complete(ObjectNode pod) {
        var status = pod.withObject("/status");
        if (!status.has("startTime")) {
            status.put("startTime", "2026-03-01T09:00:00Z");
        }
        var conditions = status.withArray("/conditions");
        var types = conditions.findValuesAsText("type");
        Stream.of("Initialized", "Ready", "ContainersReady")
                .filter(type -> !types.contains(type))
                .forEach(type -> conditions
                        .addObject()
                        .put("type", type)
                        .put("status", "False")
                        .put("lastTransitionTime", "2026-03-01T09:00:00Z")
                        .put("reason", "ContainersNotReady"));
        return pod;
    }

    private static Pod create() throws IOException {
        var json = (ObjectNode) Samples.file("plain.home.json").deepCopy();
        var metadata = json.withObject("/metadata");
        metadata.retain("labels");
        metadata.put("generateName", "web-").putObject("annotations").put(Names.INSTANCE_ID, "ns/web-0123456789/u-1");
        json.withObject("/spec").put("nodeName", "virtual-kubelet-region-b-1");
        json.remove("status");
        var pod = pod(client.send(new ApiRequest("POST", PODS, "application/json", json.toString()), DEADLINE));
        // As a binding leaves it.
        var bound = "{\"status\": {\"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"True\"}]}}";
        var path = PODS + "/" + pod.key().name() + "/status";
        return pod(client.send(new ApiRequest("PATCH", path, "application/merge-patch+json", bound), DEADLINE));
    }

    private static void write(Pod pod, PodReport report) {
        Instance instance = report.instance();
        var write = new ClusterWrite.WriteStatus(pod.key(), pod.uid(), PodStatuses.of(pod, instance));
        var answer = client.drive(
                ClusterRequests.writeStatus(write, report.status(), NOW), DEADLINE, WriteAnswer.Unknown::new);
        assertThat(answer).isInstanceOf(WriteAnswer.Done.class);
    }

    private static Pod read(Pod pod) throws IOException {
        return pod(client.send(ApiRequest.get(PODS + "/" + pod.key().name()), DEADLINE));
    }

    private static Pod pod(ApiResponse response) throws IOException {
        assertThat(response.isSuccess()).as(response.body()).isTrue();
        return Decoder.pod(response.body());
    }
}
