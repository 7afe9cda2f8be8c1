package dev.spillway.regions.client;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.protocol.RegionsWire;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers that say nothing about what was asked, as a broken region, a wrong address or a proxy would give them. */
final class Nonsense {
    // Readable from end to end, and somebody else's. Also a list of such, for whoever asked for one.
    private static final String SOMEBODY_ELSES = """
        {"id": "i-1", "token": "%s", "state": "RUNNING", "observation": 7, "exitCode": 0,
         "tags": {"cluster": "cluster-9", "podUid": "uid-x", "namespace": "default", "pod": "x", "region": "region-a",
         "zone": "region-a-1", "computeClass": "gpu", "computeQos": "default", "gpuModel": "L20", "spot": false,
         "policy": "", "generation": 0, "unit": 0, "incarnation": 0}}\
        """.formatted("0".repeat(64));

    // Ours, and for the token that the kit asks with, but with the tags of another pod.
    private static final String ANOTHER_PODS = RegionsWire.write(
                    new Instance(
                            new InstanceId("i-1"),
                            requestFor("x").build().tags(),
                            Instance.State.RUNNING,
                            7,
                            null,
                            null,
                            null,
                            null,
                            0,
                            "",
                            ""),
                    requestFor("b").build().token())
            .toString();

    static final List<String> KINDS = List.of(
            answer("200 OK", "not JSON"),
            answer("200 OK", ""),
            answer("200 OK", "[]"),
            answer("200 OK", "{}"),
            answer("200 OK", "{\"instances\": null}"),
            answer("200 OK", SOMEBODY_ELSES),
            answer("201 Created", SOMEBODY_ELSES),
            answer("201 Created", ANOTHER_PODS),
            answer("200 OK", ANOTHER_PODS),
            answer("200 OK", "{\"epoch\": \"e\", \"observation\": 1, \"instances\": [" + SOMEBODY_ELSES + "]}"),
            answer("200 OK", SOMEBODY_ELSES.replace("RUNNING", "SLEEPING")),
            answer("200 OK", SOMEBODY_ELSES.replace("\"observation\": 7", "\"observation\": \"seven\"")),
            answer("409 Conflict", ""),
            answer("409 Conflict", "{\"error\": {\"code\": \"OutOfStock\""),
            answer("409 Conflict", "{\"error\": {\"code\": \"SomethingNew\", \"message\": \"\"}}"),
            answer("500 Internal Server Error", "{\"error\": {\"code\": \"OutOfStock\", \"message\": \"\"}}"),
            answer("503 Service Unavailable", "<html><body>Service Unavailable</body></html>"),
            answer("502 Bad Gateway", "<html><body>Bad Gateway</body></html>"),
            answer("404 Not Found", "<html><body>Not Found</body></html>"),
            answer("429 Too Many Requests", ""),
            answer("401 Unauthorized", ""),
            answer("302 Found\r\nLocation: http://127.0.0.1:1/", ""),
            // Cut in the middle.
            answer("200 OK", SOMEBODY_ELSES).replaceFirst("Content-Length: \\d+", "Content-Length: 100000"),
            "SSH-2.0-OpenSSH_9.2\r\n");

    private static final String EMPTY_LIST =
            answer("200 OK", "{\"epoch\": \"e\", \"observation\": 1, \"instances\": []}");
    private static final String CHANGES_FORGOTTEN =
            answer("410 Gone", "{\"error\": {\"code\": \"ChangesForgotten\", \"message\": \"\"}}");

    /** Lists that are complete, well-formed and empty; everything but lists is the server's business. */
    static String emptyLists(String request) {
        if (request.startsWith("GET /v1/regions/region-a/instances?")) {
            return EMPTY_LIST;
        }
        // Whoever watches shall list.
        return request.startsWith("GET /v1/regions/region-a/changes?") ? CHANGES_FORGOTTEN : "";
    }

    /** Lists that break off in the middle; everything but lists is the server's business. */
    static String halfLists(String request) {
        return request.startsWith("GET /v1/regions/region-a/instances?")
                ? answer("200 OK", "{\"epoch\": \"e\", \"observation\": 1, \"instances\": [")
                        .replaceFirst("Content-Length: \\d+", "Content-Length: 100000")
                : "";
    }

    private Nonsense() {}

    private static String answer(String status, String body) {
        return "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(status, body.getBytes(StandardCharsets.UTF_8).length, body);
    }
}
