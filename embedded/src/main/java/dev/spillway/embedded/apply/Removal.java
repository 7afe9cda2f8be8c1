package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.Map;

/** Takes paths out of a value. Rules: structured-merge-diff {@code typed/remove.go}. */
final class Removal {

    private Removal() {}

    /** The object without these paths; it is not changed. */
    static ObjectNode from(ObjectNode object, FieldSet paths, FieldType type) {
        return remove(object, paths, type) instanceof ObjectNode rest ? rest : Trees.object();
    }

    private static JsonNode remove(JsonNode value, FieldSet paths, FieldType declared) {
        FieldType type = declared.of(value, null);
        if (value instanceof ObjectNode object && type instanceof FieldType.Fields) {
            return fields(object, paths, type);
        }
        if (value instanceof ArrayNode array && type instanceof FieldType.Elements elements) {
            return elements(array, paths, elements);
        }
        return value;
    }

    /** A container of which nothing is left is null. */
    private static JsonNode fields(ObjectNode object, FieldSet paths, FieldType type) {
        ObjectNode rest = Trees.object();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            PathElement element = new PathElement.Field(field.getKey());
            FieldSet below = paths.below(element);
            if (below.isMember()) {
                continue;
            }
            JsonNode value = field.getValue();
            rest.set(field.getKey(), below.isEmpty() ? value : remove(value, below, type.at(element)));
        }
        return rest.isEmpty() ? NullNode.getInstance() : rest;
    }

    private static JsonNode elements(ArrayNode array, FieldSet paths, FieldType.Elements type) {
        ArrayNode rest = Trees.array();
        Indexed indexed = Indexed.of(array, type);
        for (int i = 0; i < array.size(); i++) {
            FieldSet below = paths.below(indexed.order().get(i));
            if (!below.isMember()) {
                JsonNode value = array.get(i);
                rest.add(below.isEmpty() ? value : remove(value, below, type.type()));
            }
        }
        return rest.isEmpty() ? NullNode.getInstance() : rest;
    }
}
