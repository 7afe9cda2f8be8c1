package dev.spillway.kube.translate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request to an API server.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param path absolute path with query, already percent-encoded
 * @param contentType media type of the body, null where there is none
 * @param body JSON text, empty where there is none
 */
public record ApiRequest(
        String method, String path, @Nullable String contentType, String body) {
    static final String JSON = "application/json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";

    /** One segment of a path, or a value in a query; names that the API server accepts come out unchanged. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A read. */
    public static ApiRequest get(String path) {
        return new ApiRequest("GET", path, null, "");
    }

    static ApiRequest post(String path, Object body) {
        return new ApiRequest("POST", path, JSON, body.toString());
    }

    static ApiRequest put(String path, Object body) {
        return new ApiRequest("PUT", path, JSON, body.toString());
    }

    static ApiRequest mergePatch(String path, Object body) {
        return new ApiRequest("PATCH", path, MERGE_PATCH, body.toString());
    }

    static ApiRequest strategicMergePatch(String path, Object body) {
        return new ApiRequest("PATCH", path, STRATEGIC_MERGE_PATCH, body.toString());
    }

    static ApiRequest delete(String path, Object options) {
        return new ApiRequest("DELETE", path, JSON, options.toString());
    }

    /** Without what may be a secret: the body, and the query, which has the command of a shell. */
    @Override
    public String toString() {
        int query = path.indexOf('?');
        return "%s %s".formatted(method, query < 0 ? path : path.substring(0, query));
    }

    /** Whether it may change something, so that it must not be sent a second time on a doubt. */
    public boolean isMutating() {
        return !method.equals("GET");
    }
}
