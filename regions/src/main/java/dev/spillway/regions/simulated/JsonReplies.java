package dev.spillway.regions.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Reads bodies and parameters and writes answers of the HTTP interface. */
final class JsonReplies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReplies() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void send(ServerResponse response, int status, JsonNode body) {
        try {
            response.status(Status.create(status))
                    .header(HeaderNames.CONTENT_TYPE, "application/json")
                    .send(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree could not be written.", impossible);
        }
    }

    static void sendError(ServerResponse response, ErrorCode code, String message) {
        sendError(response, code, message, object());
    }

    /** {@code error} takes further fields of the error. */
    static void sendError(ServerResponse response, ErrorCode code, String message, ObjectNode error) {
        error.put("code", code.word()).put("message", message);
        send(response, code.status(), object().set("error", error));
    }

    static JsonFields body(ServerRequest request) {
        return JsonFields.parse("The body", request.content().as(String.class));
    }

    static String pathText(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    static String requiredQuery(ServerRequest request, String name) {
        String value = request.query().first(name).orElse("");
        if (value.isEmpty()) {
            throw new MalformedException("Query parameter %s is missing.".formatted(name));
        }
        return value;
    }

    static long queryNumber(ServerRequest request, String name, long byDefault) {
        String value = request.query().first(name).orElse("");
        try {
            return value.isEmpty() ? byDefault : Long.parseLong(value);
        } catch (NumberFormatException malformed) {
            throw new MalformedException("Query parameter %s must be a whole number.".formatted(name), malformed);
        }
    }
}
