package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events of a played home cluster. */
final class HomeEvents {
    private final Map<String, ObjectNode> byPath = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();

    boolean isAbout(ApiRequest request) {
        return request.path().matches("/api/v1/namespaces/[^/]+/events(/.*)?");
    }

    synchronized ApiResponse send(ApiRequest request) {
        requests.add(request.method());
        var object = HomePlay.object(request.body());
        return switch (request.method()) {
            case "POST" -> {
                var name = object.at("/metadata/name").asText();
                var path = request.path() + "/" + (name.isEmpty() ? "generated-" + byPath.size() : name);
                yield byPath.putIfAbsent(path, object) == null
                        ? ApiResponse.of(201, object.toString())
                        : no(409, "AlreadyExists");
            }
            case "PATCH" -> {
                var found = byPath.get(request.path());
                if (found == null) {
                    yield no(404, "NotFound");
                }
                found.setAll(object);
                yield ApiResponse.of(200, found.toString());
            }
            default -> no(405, "MethodNotAllowed");
        };
    }

    private static ApiResponse no(int code, String reason) {
        return ApiResponse.of(code, "{\"kind\": \"Status\", \"code\": %d, \"reason\": \"%s\"}".formatted(code, reason));
    }

    synchronized List<JsonNode> all() {
        return List.copyOf(byPath.values());
    }

    /** Methods of requests, in order. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** As when they are too old. */
    synchronized void expire() {
        byPath.clear();
    }
}
