package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import java.util.Collection;

/** Building blocks of request bodies, and the one JSON configuration. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final JsonFactory FACTORY = MAPPER.getFactory();

    private Json() {}

    /** The tree of a text; a missing node where it is not JSON. */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode strings(Collection<String> values) {
        var array = array();
        values.forEach(array::add);
        return array;
    }

    static ObjectNode pairs(Labels labels) {
        var object = object();
        labels.forEach(object::put);
        return object;
    }

    /** {@code {"metadata": {"uid": ...}}}: the start of a patch that only the object of that UID accepts. */
    static ObjectNode ofUid(String uid) {
        var patch = object();
        patch.putObject("metadata").put("uid", uid);
        return patch;
    }
}
