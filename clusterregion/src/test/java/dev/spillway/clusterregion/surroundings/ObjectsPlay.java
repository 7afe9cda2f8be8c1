package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An API server's objects in memory, for one thread at a time: UIDs, versions and preconditions as Kubernetes documents them (API conventions), a Secret's
 * type and immutable objects likewise (Secrets: "Immutable Secrets"), and lists in pages of three. Requests meet the fate that they are given.
 */
final class ObjectsPlay implements Sender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LIST = Pattern.compile("/api/v1/([a-z]+)\\?labelSelector=([^&]+)(.*)");
    private static final int PAGE = 3;
    private static final String OPAQUE = "Opaque"; // what a Secret is that does not say

    /** What becomes of a request. */
    enum Fate {
        ARRIVES,
        /** It is lost on its way. */
        LOST,
        /** It is carried out, and its answer is lost. */
        UNANSWERED,
        /** The server cannot serve. */
        REFUSED
    }

    /** Is told of each write before it is carried out. */
    interface Guard {
        void about(ApiRequest request, String path, @Nullable ObjectNode there);
    }

    private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
    private final Supplier<Fate> fates;
    private final Guard guard;
    private long version;

    ObjectsPlay(Supplier<Fate> fates, Guard guard) {
        this.fates = fates;
        this.guard = guard;
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        return switch (fates.get()) {
            case ARRIVES -> answer(request);
            case LOST -> throw new SocketTimeoutException("no answer in time");
            case UNANSWERED -> {
                answer(request);
                throw new SocketTimeoutException("no answer in time");
            }
            case REFUSED -> no(503, "ServiceUnavailable");
        };
    }

    /** All of them by path. */
    Map<String, ObjectNode> all() {
        return objects;
    }

    @Nullable
    ObjectNode get(String path) {
        return objects.get(path);
    }

    /** Puts an object there, as whoever rules the cluster. */
    void put(String path, ObjectNode object) {
        var before = objects.get(path);
        version++;
        var metadata = object.withObject("/metadata").put("resourceVersion", Long.toString(version));
        if (!metadata.has("uid")) {
            metadata.put(
                    "uid",
                    before == null ? "u-" + version : before.at("/metadata/uid").asText());
        }
        objects.put(path, object);
    }

    void remove(String path) {
        objects.remove(path);
    }

    private ApiResponse answer(ApiRequest request) {
        var list = LIST.matcher(request.path());
        if (list.matches()) {
            return list(list.group(1), URLDecoder.decode(list.group(2), StandardCharsets.UTF_8), list.group(3));
        }
        var there = objects.get(request.path());
        return switch (request.method()) {
            case "GET" -> there == null ? no(404, "NotFound") : ok(there);
            case "POST" -> create(request, object(request.body()));
            case "PUT" -> replace(request, there, object(request.body()));
            case "DELETE" -> delete(request, there, object(request.body()));
            default -> no(405, "MethodNotAllowed");
        };
    }

    private ApiResponse create(ApiRequest request, ObjectNode object) {
        var path = request.path() + "/" + object.at("/metadata/name").asText();
        if (objects.containsKey(path)) {
            return no(409, "AlreadyExists");
        }
        guard.about(request, path, null);
        put(path, object);
        return ok(object);
    }

    private ApiResponse replace(ApiRequest request, @Nullable ObjectNode there, ObjectNode object) {
        if (there == null) {
            return no(404, "NotFound");
        }
        var expected = object.at("/metadata/resourceVersion").asText();
        if (!expected.isEmpty()
                && !expected.equals(there.at("/metadata/resourceVersion").asText())) {
            return no(409, "Conflict");
        }
        if (!mayBecome(there, object)) {
            return no(422, "Invalid");
        }
        guard.about(request, request.path(), there);
        put(request.path(), object);
        return ok(object);
    }

    private static boolean mayBecome(ObjectNode there, ObjectNode object) {
        boolean isOfType =
                object.path("type").asText(OPAQUE).equals(there.path("type").asText(OPAQUE));
        return isOfType
                && (!there.path("immutable").asBoolean()
                        || (object.path("immutable").asBoolean()
                                && object.path("data").equals(there.path("data"))));
    }

    private ApiResponse delete(ApiRequest request, @Nullable ObjectNode there, ObjectNode options) {
        if (there == null) {
            return no(404, "NotFound");
        }
        var expected = options.at("/preconditions/uid").asText();
        var version = options.at("/preconditions/resourceVersion").asText();
        if (!isEmptyOr(expected, there.at("/metadata/uid"))
                || !isEmptyOr(version, there.at("/metadata/resourceVersion"))) {
            return no(409, "Conflict");
        }
        guard.about(request, request.path(), there);
        objects.remove(request.path());
        return ApiResponse.of(200, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Success\"}");
    }

    private static boolean isEmptyOr(String expected, JsonNode value) {
        return expected.isEmpty() || expected.equals(value.asText());
    }

    private ApiResponse list(String plural, String selector, String rest) {
        var selected = objects.entrySet().stream()
                .filter(entry -> entry.getKey().contains("/" + plural + "/"))
                .map(Map.Entry::getValue)
                .filter(object -> Stream.of(selector.split(",")).allMatch(one -> isSelected(object, one)))
                .toList();
        int from = rest.contains("continue=") ? Integer.parseInt(rest.replaceAll(".*continue=", "")) : 0;
        int to = Math.min(selected.size(), from + PAGE);
        var list = JSON.createObjectNode()
                .put("kind", plural.equals("secrets") ? "SecretList" : "ConfigMapList")
                .put("apiVersion", "v1");
        var metadata = list.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (to < selected.size()) {
            metadata.put("continue", Integer.toString(to));
        }
        list.putArray("items").addAll(selected.subList(Math.min(from, to), to));
        return ok(list);
    }

    private static boolean isSelected(ObjectNode object, String selector) {
        var label = selector.split("=", 2);
        var value = labels(object).path(label[0]);
        return label.length == 1 ? !value.isMissingNode() : value.asText().equals(label[1]);
    }

    private static JsonNode labels(ObjectNode object) {
        return object.path("metadata").path("labels");
    }

    private static ApiResponse ok(ObjectNode object) {
        return ApiResponse.of(200, object.toString());
    }

    private static ApiResponse no(int code, String reason) {
        return ApiResponse.of(
                code,
                "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": %d, \"reason\": \"%s\"}"
                        .formatted(code, reason));
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
