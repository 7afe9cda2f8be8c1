package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.doctor.Diagnosis.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamsCheckTest {
    @TempDir
    private Path folder = Path.of("");

    private final HomeCluster home = new HomeCluster();

    @AfterEach
    void stop() {
        home.close();
    }

    private Diagnosis only() throws IOException {
        try (var cluster = home.open(folder)) {
            var found = new StreamsCheck(new Home(cluster)).look();
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().subject()).isEqualTo("streams of one");
            return found.getFirst();
        }
    }

    /** The gate is new in Kubernetes 1.36 and on by default (pkg/features/kube_features.go). */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            metrics say on         | 200 | kubernetes_feature_enabled{name="ExtendWebSocketsToKubelet",stage="BETA"} 1 | 37 | FINE
            metrics say off        | 200 | kubernetes_feature_enabled{name="ExtendWebSocketsToKubelet",stage="BETA"} 0 | 37 | TROUBLE
            not told, and new      | 403 | no                                                                          | 36 | FINE
            not told, and old      | 403 | no                                                                          | 35 | TROUBLE
            """)
    void aRegionThatTakesWebSocketsOnlyNeedsAServerThatSpeaksThem(
            String name, int code, String metrics, String minor, Verdict expected) throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one")
                .withObject("/status")
                .putArray("declaredFeatures")
                .add("ExtendWebSocketsToKubelet");
        home.server()
                .answers("/metrics", code, "# HELP x\n" + metrics + "\n")
                .answers("/version", 200, "{\"major\": \"1\", \"minor\": \"%s\"}".formatted(minor));

        var found = only();

        assertThat(found.verdict()).isEqualTo(expected);
        assertThat(found.what()).contains("kubectl exec");
        assertThat(found.remedy())
                .contains(expected == Verdict.FINE ? "" : "kubectl exec needs Kubernetes 1.36 or newer");
    }

    @Test
    void anApiServerThatDoesNotGetThroughIsTrouble() throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one");
        // What kube-apiserver 1.37 says where nothing listens.
        health(503, """
                {"kind": "Status", "code": 503, "reason": "ServiceUnavailable", "message": "error trying to reach service: dial tcp 127.0.0.1:10250: connect: connection refused"}
                """);

        var found = only();

        assertThat(found.verdict()).isEqualTo(Verdict.TROUBLE);
        assertThat(found.what()).contains("127.0.0.1:10250", "connection refused");
        assertThat(found.remedy()).contains("--kubelet-address");
    }

    private void health(int code, String body) {
        home.server().answers("/api/v1/nodes/virtual-kubelet-one-a/proxy/healthz", code, body);
    }

    /** As kube-apiserver 1.37 words it. */
    @Test
    void whoMayNotAskANodeIsToldWhatWasNotLearned() throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one");
        health(403, """
                {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "nodes \\"virtual-kubelet-one-a\\" is forbidden: User \\"ann\\" cannot get resource \\"nodes/proxy\\" in API group \\"\\" at the cluster scope"}
                """);

        var found = only();

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what())
                .startsWith("whether the API server gets through to the controller at 127.0.0.1:10250 is not known")
                .contains("User \"ann\" cannot get resource");
        assertThat(found.remedy()).contains("grant get on nodes/proxy");
    }

    @Test
    void aNodeThatIsGoneMeanwhileIsSaidToBe() throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one");
        health(404, """
                {"kind": "Status", "code": 404, "reason": "NotFound", "message": "nodes \\"virtual-kubelet-one-a\\" not found"}
                """);

        var found = only();

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).contains("does not know Node virtual-kubelet-one-a any more");
    }

    /** What a kubelet answers to a client that it does not know, or that lacks a right (kubelet/server/auth.go); the API server passes it on. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            401 | Unauthorized                                                                                  | --kubelet-client-ca
            403 | Forbidden (user=kube-apiserver, verb=get, resource=nodes, subresource(s)=[healthz proxy])     | system:kubelet-api-admin
            404 | 404 page not found                                                                            | something else than the controller
            """)
    void aKubeletApiThatDoesNotLetTheApiServerInIsTrouble(int code, String words, String remedy) throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one");
        health(code, words + "\n");

        var found = only();

        assertThat(found.verdict()).isEqualTo(Verdict.TROUBLE);
        assertThat(found.what()).endsWith("127.0.0.1:10250: what listens there answered %d: %s".formatted(code, words));
        assertThat(found.remedy()).contains(remedy);
    }

    @Test
    void whatTheRegionNeedsIsSaidEvenToWhoMayNotAsk() throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one")
                .withObject("/status")
                .putArray("declaredFeatures")
                .add("ExtendWebSocketsToKubelet");
        home.server().answers("/version", 200, "{\"major\": \"1\", \"minor\": \"35+\"}");
        health(403, "{\"kind\": \"Status\", \"code\": 403}");

        assertThat(only().verdict()).isEqualTo(Verdict.TROUBLE);
    }

    @Test
    void aNodeWithoutAKubeletApiServesNoLogs() throws IOException {
        home.virtualNode("virtual-kubelet-one-a", "one")
                .withObject("/status/daemonEndpoints/kubeletEndpoint")
                .put("Port", 0);

        var found = only();

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).contains("kubectl logs", "virtual-kubelet-one-a");
        assertThat(found.remedy()).contains("--no-kubelet");
    }

    @Test
    void realNodesAreNotJudged() throws IOException {
        home.node("worker-1", "192.168.1.5");
        try (var cluster = home.open(folder)) {
            assertThat(new StreamsCheck(new Home(cluster)).look()).isEmpty();
        }
    }
}
