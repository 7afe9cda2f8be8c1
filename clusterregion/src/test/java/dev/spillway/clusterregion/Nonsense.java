package dev.spillway.clusterregion;

import java.util.List;
import java.util.Map;

/** What a region may answer that is no answer: by proxies, by mistake, or by malice. */
final class Nonsense {
    static final List<Gateway.Answer> KINDS = List.of(
            html(200),
            html(404),
            html(403),
            html(502),
            json(200, ""),
            json(200, "[]"),
            json(200, "{\"kind\": \"PodList\", \"items\": [{\"metadata\": {"),
            json(200, "{\"kind\": \"PodList\", \"items\": 7, \"metadata\": {\"resourceVersion\": \"1\"}}"),
            json(200, "{\"kind\": \"PodList\", \"items\": []}"),
            json(
                    200,
                    "{\"kind\": \"PodList\", \"items\": [], \"metadata\": {\"resourceVersion\": \"1\", \"continue\": \"x\"}}"),
            json(200, "{\"kind\": \"Status\", \"status\": \"Success\"}"),
            json(200, "{\"kind\": \"Secret\", \"metadata\": {\"name\": \"a\", \"resourceVersion\": \"x\"}}"),
            json(404, "{\"kind\": \"Status\", \"code\": 404, \"reason\": \"Nobody\"}"),
            json(500, "{\"kind\": \"Status\", \"code\": 500, \"reason\": \"InternalError\", \"message\": \"a\\nb\"}"));

    private Nonsense() {}

    private static Gateway.Answer html(int code) {
        return new Gateway.Answer(code, Map.of("Content-Type", "text/html"), "<html><body>proxy</body></html>");
    }

    private static Gateway.Answer json(int code, String body) {
        return new Gateway.Answer(code, Map.of("Content-Type", "application/json"), body);
    }
}
