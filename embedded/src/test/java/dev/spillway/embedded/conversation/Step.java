package dev.spillway.embedded.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One step of a conversation, as its file writes it. */
sealed interface Step {

    /**
     * A request and its answer.
     *
     * @param line such as {@code GET /api/v1/pods}
     * @param body the text to send; a JSON string in the file is sent as it is, malformed or not
     * @param keep values of the answer to be remembered, by name; {@code {{name}}} in a later request stands for one
     * @param differs why the text of the answer's message may differ; null where it may not
     */
    record Call(
            String line,
            @Nullable String contentType,
            @Nullable String body,
            Map<String, String> keep,
            @Nullable String differs)
            implements Step {

        String method() {
            return line.substring(0, line.indexOf(' '));
        }

        String path() {
            return line.substring(line.indexOf(' ') + 1);
        }
    }

    /** Opens a watch under a name. */
    record OpenWatch(String name, String path) implements Step {}

    /** The events since the watch was opened or last asked. */
    record Poll(String name) implements Step {}

    /** Time passes, in seconds. */
    record Wait(int seconds) implements Step {}

    static Step of(JsonNode node) {
        if (node.has("call")) {
            Map<String, String> keep = new TreeMap<>();
            node.path("keep")
                    .properties()
                    .forEach(entry -> keep.put(entry.getKey(), entry.getValue().asText()));
            JsonNode body = node.get("body");
            return new Call(
                    node.get("call").asText(),
                    node.has("contentType") ? node.get("contentType").asText() : null,
                    body == null ? null : body.isTextual() ? body.asText() : body.toString(),
                    keep,
                    node.has("messageDiffers") ? node.get("messageDiffers").asText() : null);
        }
        if (node.has("watch")) {
            return new OpenWatch(node.get("watch").asText(), node.get("path").asText());
        }
        if (node.has("poll")) {
            return new Poll(node.get("poll").asText());
        }
        if (node.has("wait")) {
            return new Wait(node.get("wait").asInt());
        }
        throw new IllegalArgumentException("A step must be a call, watch, poll or wait, but is " + node);
    }

    /** Puts remembered values in the place of their names. */
    static String fill(String text, Map<String, String> kept) {
        String filled = text;
        for (Map.Entry<String, String> value : kept.entrySet()) {
            filled = filled.replace("{{" + value.getKey() + "}}", value.getValue());
        }
        return filled;
    }

    /** The tree of an answer; a text that is no JSON becomes an object around it. */
    static ObjectNode tree(String text) {
        ObjectMapper json = new ObjectMapper();
        try {
            return json.readTree(text) instanceof ObjectNode object
                    ? object
                    : json.createObjectNode().put("text", text);
        } catch (JsonProcessingException noJson) {
            return json.createObjectNode().put("text", text.strip());
        }
    }
}
