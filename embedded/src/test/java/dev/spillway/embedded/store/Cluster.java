package dev.spillway.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that tests talk to as an HTTP client would, and a clock that only they move. */
final class Cluster {

    static final String PODS = "/api/v1/namespaces/default/pods";
    static final String NODES = "/api/v1/nodes";
    static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";

    private static final String MERGE = "application/merge-patch+json";

    private final ObjectStore store;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Cluster() {
        store = new ObjectStore(StoreSettings.standard(1), now);
    }

    Cluster(StoreSettings settings) {
        store = new ObjectStore(settings, now);
    }

    ObjectStore store() {
        return store;
    }

    Instant now() {
        return now;
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    Response call(String method, String path, @Nullable String contentType, @Nullable String body) {
        return switch (store.handle(method, path, contentType, body, now)) {
            case Response response -> response;
            case Watch watch ->
                throw new AssertionError("The call (%s) opened a watch, closed: %s.".formatted(path, watch.isClosed()));
        };
    }

    Response post(String path, String body) {
        return call("POST", path, null, quoted(body));
    }

    Response put(String path, String body) {
        return call("PUT", path, null, body.contains("\"") ? body : quoted(body));
    }

    Response get(String path) {
        return call("GET", path, null, null);
    }

    Response merge(String path, String body) {
        return call("PATCH", path, MERGE, quoted(body));
    }

    Response patch(String path, String kind, String body) {
        return call("PATCH", path, "application/" + kind + "-patch+json", quoted(body));
    }

    Response delete(String path) {
        return call("DELETE", path, null, null);
    }

    Response delete(String path, String body) {
        return call("DELETE", path, null, quoted(body));
    }

    Watch watch(String path) {
        return switch (store.handle("GET", path, null, null, now)) {
            case Watch watch -> watch;
            case Response response -> throw new AssertionError("The watch was refused: " + response.body());
        };
    }

    /** The events of a watch, each as TYPE name@version. */
    List<String> poll(Watch watch) {
        return watch.poll(now).stream().map(Cluster::shown).toList();
    }

    /** A pod of one container, by a client that says no more than it must. */
    ObjectNode pod(String name) {
        return granted(post(
                        PODS,
                        "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}"))
                .body();
    }

    /** A pod that is bound to the node, which need not exist. */
    ObjectNode boundPod(String name, String node) {
        pod(name);
        granted(bind(name, node, "{}"));
        return get(PODS + "/" + name).body();
    }

    Response bind(String pod, String node, String metadata) {
        String more = metadata.substring(1);
        String separator = more.equals("}") ? "" : ",";
        return post(
                PODS + "/" + pod + "/binding",
                "{'metadata':{'name':'" + pod + "'" + separator + more + ",'target':{'kind':'Node','name':'" + node
                        + "'}}");
    }

    static Response granted(Response response) {
        assertThat(response.code()).as(response.body().toString()).isLessThan(300);
        return response;
    }

    static String text(ObjectNode object, String pointer) {
        return object.at(pointer).asText();
    }

    static String version(ObjectNode object) {
        return text(object, "/metadata/resourceVersion");
    }

    /** Names of a list's items, in order. */
    static List<String> names(Response list) {
        return granted(list)
                .body()
                .path("items")
                .valueStream()
                .map(item -> item.at("/metadata/name").asText())
                .toList();
    }

    private static String shown(WatchEvent event) {
        return "%s %s@%s".formatted(event.type(), text(event.object(), "/metadata/name"), version(event.object()));
    }

    private static String quoted(String body) {
        return body.replace('\'', '"');
    }
}
