package dev.spillway.embedded.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.embedded.tree.WrittenNumber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON and notes which fields are there twice; of these the last one counts.
 *
 * @param tree what was read
 * @param duplicates their paths, such as {@code spec.containers[0].name}, each once, in the order in which they show
 */
public record StrictJson(JsonNode tree, List<String> duplicates) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads one value and nothing after it.
     *
     * @throws IOException where the text is no JSON
     */
    public static StrictJson read(String text) throws IOException {
        List<String> duplicates = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IOException("unexpected end of JSON input");
            }
            JsonNode tree = value(parser, "", duplicates);
            if (parser.nextToken() != null) {
                throw new IOException("there is more after the top-level value");
            }
            return new StrictJson(tree, List.copyOf(duplicates));
        }
    }

    private static JsonNode value(JsonParser parser, String path, List<String> duplicates) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, duplicates);
            case START_ARRAY -> array(parser, path, duplicates);
            case VALUE_NUMBER_FLOAT -> new WrittenNumber(parser.getDoubleValue(), parser.getText());
            default -> parser.readValueAsTree();
        };
    }

    private static ObjectNode object(JsonParser parser, String path, List<String> duplicates) throws IOException {
        ObjectNode object = Trees.object();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String place = path.isEmpty() ? name : path + "." + name;
            parser.nextToken();
            if (object.has(name) && !duplicates.contains(place)) {
                duplicates.add(place);
            }
            object.set(name, value(parser, place, duplicates));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser, String path, List<String> duplicates) throws IOException {
        ArrayNode array = Trees.array();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path + "[" + array.size() + "]", duplicates));
        }
        return array;
    }
}
