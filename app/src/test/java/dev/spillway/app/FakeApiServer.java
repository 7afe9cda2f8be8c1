package dev.spillway.app;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** An API server that gives fixed answers: by default a cluster without our kinds. */
public final class FakeApiServer implements AutoCloseable {
    private record Answer(int code, Function<String, String> body) {}

    private final Map<String, Answer> answerByPath = new ConcurrentHashMap<>();
    private final WebServer web = WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .shutdownHook(false)
            .addRouting(HttpRouting.builder().any(this::answer))
            .build()
            .start();

    public FakeApiServer() {
        answers(
                "/api/v1/namespaces/kube-system",
                200,
                "{\"metadata\": {\"name\": \"kube-system\", \"uid\": \"cluster-1\"}}");
    }

    public FakeApiServer answers(String path, int code, String body) {
        return answers(path, code, () -> body);
    }

    /** One whose body is another one each time. */
    public FakeApiServer answers(String path, int code, Supplier<String> body) {
        return answersTo(path, code, _ -> body.get());
    }

    /** One whose body depends on what was sent. */
    public FakeApiServer answersTo(String path, int code, Function<String, String> body) {
        answerByPath.put(path, new Answer(code, body));
        return this;
    }

    /** From now on it knows every kind that a controller needs, and has no object of any. Watches end at once. */
    public FakeApiServer withEmptyCluster() {
        var lists = Map.of(
                "/api/v1/namespaces", "NamespaceList",
                "/api/v1/nodes", "NodeList",
                "/api/v1/pods", "PodList",
                "/api/v1/namespaces/kube-system/configmaps", "ConfigMapList",
                "/apis/spillway.dev/v1alpha1/regions", "RegionList",
                "/apis/scheduling.alibabacloud.com/v1alpha1/resourcepolicies", "ResourcePolicyList");
        lists.forEach((path, kind) -> answers(
                path,
                200,
                "{\"kind\": \"%s\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}".formatted(kind)));
        return answers("/api/v1/namespaces/spillway-system", 200, "{}");
    }

    public String url() {
        return "http://127.0.0.1:" + web.port();
    }

    /** A kubeconfig for it, in the given folder. */
    public Path kubeconfig(Path folder) throws IOException {
        return kubeconfig(folder, url());
    }

    static Path kubeconfig(Path folder, String server) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: here, user: me}}]
                clusters: [{name: here, cluster: {server: "%s"}}]
                users: [{name: me, user: {token: secret}}]
                """.formatted(server));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        if (request.query().contains("watch")) {
            response.send("");
            return;
        }
        var answer = answerByPath.getOrDefault(
                request.path().path(),
                new Answer(404, _ -> "{\"kind\": \"Status\", \"message\": \"there is no such thing\"}"));
        var sent = request.content().hasEntity() ? request.content().as(String.class) : "";
        response.status(Status.create(answer.code())).send(answer.body().apply(sent));
    }

    @Override
    public void close() {
        web.stop();
    }
}
