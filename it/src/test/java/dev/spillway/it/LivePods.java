package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Pods that run real containers, in the namespace {@code default}, through the API and kubectl. */
record LivePods(ControlPlane cluster, Kubectl kubectl) {

    private static final String PODS = "/api/v1/namespaces/default/pods";

    LivePods(ControlPlane cluster) {
        this(cluster, new Kubectl(cluster.kubectl(), cluster.kubeconfig()));
    }

    static String path(String name) {
        return PODS + "/" + name;
    }

    /** Creates one with this spec, given as YAML that begins in the first column. */
    void create(String name, String spec) {
        HttpResponse<String> answer =
                cluster.api().post(PODS, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                %s
                """.formatted(name, spec.strip().indent(2)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** Waits a minute at most. */
    void untilReady(String name) {
        Kubectl.Ended ended = kubectl("wait", "--for=condition=Ready", "pod/" + name, "--timeout=50s");
        assertThat(ended.exitCode())
                .as(() -> ended.text() + kubectl("describe", "pod", name).text())
                .isZero();
    }

    /** A field of the status, by its path; empty where it is not there. */
    String status(String name, String path) {
        return kubectl("get", "pod", name, "-o", "jsonpath={.status.%s}".formatted(path))
                .text();
    }

    Kubectl.Ended kubectl(String... words) {
        return kubectl.run(List.of(words));
    }

    /** What an address answers with 200. */
    static String get(String address) throws IOException, InterruptedException {
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            var request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }
}
