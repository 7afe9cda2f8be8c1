package dev.spillway.clusterregion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A home cluster that has each pod that is asked for, UID {@code uid-NAME}, unless it was told otherwise. */
final class HomePlay implements Sender {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String NAMESPACE = "/api/v1/namespaces/default";
    private static final Pattern POD = Pattern.compile("/api/v1/namespaces/default/pods/([^/?]+)");

    final HomeEvents events = new HomeEvents();
    final HomeAccounts accounts = new HomeAccounts();
    private final Map<String, JsonNode> objects = new ConcurrentHashMap<>();
    private final Map<String, ApiResponse> failures = new ConcurrentHashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean isSilent;

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        if (isSilent) {
            throw new SocketTimeoutException("The home cluster plays dead.");
        }
        var path = request.path().replaceFirst("[?].*", "");
        var time = delays.getOrDefault(path, Duration.ZERO);
        if (!time.isZero()) {
            delay(time, deadline);
        }
        var failure = failures.get(path);
        if (failure != null) {
            return failure;
        }
        if (events.isAbout(request)) {
            return events.send(request);
        }
        if (accounts.isAbout(request)) {
            return accounts.send(request);
        }
        var object = objects.get(request.path());
        var pod = POD.matcher(request.path());
        if (object == null && pod.matches()) {
            object = pod(pod.group(1));
        }
        if (object == null && request.path().equals(NAMESPACE)) {
            object = object("{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"default\"}}");
        }
        if (object != null && object.isTextual()) {
            return ApiResponse.of(403, object.asText());
        }
        return object == null || object.isNull()
                ? ApiResponse.of(
                        404,
                        "{\"kind\": \"Status\", \"code\": 404, \"reason\": \"NotFound\", \"message\": \"not found\"}")
                : ApiResponse.of(200, object.toString());
    }

    private void delay(Duration time, Duration deadline) throws IOException {
        waiting.incrementAndGet();
        try {
            Thread.sleep(time.compareTo(deadline) < 0 ? time : deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            waiting.decrementAndGet();
        }
        if (time.compareTo(deadline) >= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
    }

    /** A pod as it is now. */
    JsonNode get(String name) {
        var pod = objects.get("/api/v1/namespaces/default/pods/" + name);
        return pod == null ? pod(name) : pod;
    }

    void silence(boolean silent) {
        isSilent = silent;
    }

    /** Changes a pod, which exists from now on. */
    void change(String name, Consumer<ObjectNode> change) {
        var path = "/api/v1/namespaces/default/pods/" + name;
        var pod = objects.get(path) instanceof ObjectNode known ? known.deepCopy() : pod(name);
        change.accept(pod);
        objects.put(path, pod);
    }

    /** The pod says that it runs as this instance of the fixture's first zone, as it does once it is bound. */
    void runs(String name, InstanceId instance) {
        change(name, pod -> {
            ((ObjectNode) pod.path("spec")).put("nodeName", "virtual-kubelet-region-a-1");
            pod.withObject("/metadata/annotations")
                    .put("topology.kubernetes.io/region", "region-a")
                    .put("alibabacloud.com/instance-id", instance.value());
        });
    }

    void put(String path, JsonNode object) {
        objects.put(path, object);
    }

    void forbid(String path) {
        objects.put(
                path,
                JSON.getNodeFactory()
                        .textNode(
                                "{\"kind\": \"Status\", \"code\": 403, \"reason\": \"Forbidden\", \"message\": \"pods \\\"p\\\" is forbidden: User 'x' cannot get resource\"}"));
    }

    /** Whatever is asked for at this path, with any query, is answered by this Status. */
    void fail(String path, int code, String reason, String message) {
        var status = JSON.createObjectNode()
                .put("kind", "Status")
                .put("code", code)
                .put("reason", reason)
                .put("message", message);
        failures.put(path, ApiResponse.of(code, status.toString()));
    }

    /** Whatever is asked for at this path, with any query, is answered after so long, if the caller waits. */
    void slow(String path, Duration time) {
        delays.put(path, time);
    }

    /** Requests that are waiting for a slow answer. */
    int waiting() {
        return waiting.get();
    }

    /** Nothing fails or is slow any more. */
    void recover() {
        failures.clear();
        delays.clear();
    }

    void remove(String path) {
        objects.put(path, JSON.nullNode());
    }

    static ObjectNode pod(String name) {
        return object("""
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "%s", "namespace": "default", "uid": "uid-%s", "resourceVersion": "7", "labels": {"app": "web"}},
             "spec": {"schedulerName": "ack-co-scheduler", "containers": [{"name": "nginx", "image": "nginx:1.27"}], "restartPolicy": "Always"},
             "status": {"phase": "Pending"}}
            """.formatted(name, name));
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
