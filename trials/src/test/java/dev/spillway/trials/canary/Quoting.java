package dev.spillway.trials.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.clusterregion.Gateway;
import java.util.Base64;
import java.util.Map;

/** Answers as an API server's. */
final class Quoting {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private Quoting() {}

    static Gateway.Answer ok(String body) {
        return new Gateway.Answer(200, JSON, body);
    }

    private static String reason(int code) {
        return switch (code) {
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 409 -> "Conflict";
            case 422 -> "Invalid";
            case 429 -> "TooManyRequests";
            default -> "InternalError";
        };
    }

    /** An error whose message has all that was sent: address, credential, body, and what a Secret holds in clear. */
    static Gateway.Answer answer(int code, Gateway.Call call) {
        var message = new StringBuilder("admission webhook \"audit\" denied the request by ")
                .append(call.exchange().getRequestHeaders().getFirst("Authorization"))
                .append(" of ");
        if (call.body().contains("\"kind\":\"Secret\"")) {
            Clusters.json(call.body())
                    .path("data")
                    .forEach(value -> message.append(
                                    new String(Base64.getDecoder().decode(value.asText()), UTF_8))
                            .append(' '));
        }
        message.append(call.path()).append(": ").append(call.body());
        var status = Clusters.json("{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\"}");
        status.put("reason", reason(code)).put("code", code).put("message", message.toString());
        return new Gateway.Answer(code, JSON, status.toString());
    }
}
