package dev.spillway.app.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One API server and the requests that every command may need. Each blocks for 10 s at most. Thread-safe. */
public final class Cluster implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int PAGE = 500;
    private static final int LARGEST_DATED = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeConnection connection;
    private final ApiClient client;

    private Cluster(KubeConnection connection, ApiClient client) {
        this.connection = connection;
        this.client = client;
    }

    /**
     * The cluster of a kubeconfig; without one that of KUBECONFIG or ~/.kube/config, or the one this process runs in. Nothing is
     * sent yet.
     *
     * @throws dev.spillway.kube.http.UnusableConnectionException with one line for the user
     */
    public static Cluster open(@Nullable Path kubeconfig, String userAgent) {
        var connection = KubeConnection.open(kubeconfig, userAgent);
        return new Cluster(connection, new ApiClient(connection, 8));
    }

    /** The way to it. */
    public KubeConnection connection() {
        return connection;
    }

    /** A client of its own, for few requests. */
    public ApiClient client() {
        return client;
    }

    /** The UID of namespace kube-system: who the cluster is. */
    public String id() {
        var uid = json(required(ApiRequest.get("/api/v1/namespaces/kube-system"), "read namespace kube-system"))
                .path("metadata")
                .path("uid")
                .asText();
        if (uid.isEmpty()) {
            throw new ClusterException(
                    "%s is no Kubernetes API server: its namespace kube-system has no UID; name another server in the kubeconfig."
                            .formatted(connection.server()));
        }
        return uid;
    }

    /** Fails where the server does not know one of our kinds. */
    public void requireOurKinds() {
        Stream.of(Kind.values()).filter(kind -> kind.definition() != null).forEach(kind -> {
            var response = send(ApiRequest.get(kind.path() + "?limit=1"));
            if (response.code() == 404) {
                throw new ClusterException("%s does not know %s; run 'spillway install' with this kubeconfig first."
                        .formatted(connection.server(), kind.definition()));
            }
            require(response, "list " + kind.definition());
        });
    }

    /** Makes a namespace where it is missing. */
    public void ensureNamespace(String name) {
        var found = send(ApiRequest.get("/api/v1/namespaces/" + name));
        if (found.code() != 404) {
            require(found, "read namespace " + name);
            return;
        }
        var namespace = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        var made = send(new ApiRequest("POST", "/api/v1/namespaces", "application/json", namespace.toString()));
        if (made.code() != 409) { // made by somebody else meanwhile
            require(made, "make namespace " + name);
        }
    }

    /** Sends a request; any status is a response. {@link ClusterException} where there is none. */
    public ApiResponse send(ApiRequest request) {
        try {
            return client.send(request, DEADLINE);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    /**
     * A response, and what time it was at the server.
     *
     * @param date cut to seconds; empty where the server does not say
     */
    public record Dated(ApiResponse response, Optional<Instant> date) {}

    /** As {@link #send}, for a read of little. */
    public Dated sendDated(ApiRequest request) {
        try (var stream = client.open(request, DEADLINE)) {
            var body = new String(stream.body().readNBytes(LARGEST_DATED), StandardCharsets.UTF_8);
            return new Dated(ApiResponse.of(stream.code(), body), stream.date());
        } catch (IOException e) {
            throw silent(e);
        }
    }

    private ClusterException silent(IOException e) {
        return new ClusterException(
                "%s; check that the API server %s runs and is the one that the kubeconfig should name."
                        .formatted(withoutEnd(String.valueOf(e.getMessage())), connection.server()),
                e);
    }

    /** Sends a request that must succeed; {@code what} completes "the server would not ...". */
    public ApiResponse required(ApiRequest request, String what) {
        return require(send(request), what);
    }

    /**
     * All objects of a collection, read in pages; none where the server does not know the kind.
     *
     * @param path may have a query
     * @param what completes "the server would not ..."
     */
    public List<JsonNode> list(String path, String what) {
        var all = new ArrayList<JsonNode>();
        var next = "";
        do {
            var page =
                    send(ApiRequest.get("%s%slimit=%d%s".formatted(path, path.contains("?") ? "&" : "?", PAGE, next)));
            if (page.code() == 404) {
                return List.of();
            }
            var list = json(require(page, what));
            list.path("items").forEach(all::add);
            var more = list.path("metadata").path("continue").asText("");
            next = more.isEmpty() ? "" : "&continue=" + ApiRequest.segment(more);
        } while (!next.isEmpty());
        return List.copyOf(all);
    }

    /** The response, where it says that the request succeeded. */
    public ApiResponse require(ApiResponse response, String what) {
        if (response.isSuccess()) {
            return response;
        }
        var why = withoutEnd(Answers.describe(response));
        throw new ClusterException(
                switch (response.code()) {
                    case 401 ->
                        "%s does not accept the credentials of the kubeconfig (%s); renew them."
                                .formatted(connection.server(), why);
                    case 403 ->
                        "%s does not let this user %s (%s); grant it as deploy/chart/base/rbac.yaml does, or use another kubeconfig."
                                .formatted(connection.server(), what, why);
                    default -> "%s would not %s: %s.".formatted(connection.server(), what, why);
                });
    }

    /** The body of a response. */
    public static JsonNode json(ApiResponse response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new ClusterException(
                    "The API server answered with something that is not JSON; name another server in the kubeconfig.",
                    e);
        }
    }

    private static String withoutEnd(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /** Ends the connections. */
    @Override
    public void close() {
        client.close();
    }
}
