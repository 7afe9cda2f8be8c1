package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.UnusablePatchException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON patch (RFC 6902, {@code application/json-patch+json}): a list of operations, all or none.
 *
 * <p>Malformed lists are told apart from operations that do not fit the object, as the API does: 400 and 422.
 */
public final class JsonPatch {

    private JsonPatch() {}

    /**
     * The object after every operation; neither argument is changed.
     *
     * @throws UnusablePatchException when the patch is not a list of operations, or one of them does not fit
     */
    public static ObjectNode apply(ObjectNode target, JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw new UnusablePatchException(
                    Kind.MALFORMED, "error decoding patch: a JSON patch is an array of operations");
        }
        // Operations may touch any place several times, so one changeable copy is simpler than thawing the way to each.
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            if (!(operation instanceof ObjectNode)) {
                throw new UnusablePatchException(Kind.MALFORMED, "error decoding patch: an operation is an object");
            }
            result = applyOne(result, operation);
        }
        if (!(result instanceof ObjectNode object)) {
            throw doesNotFit("the patch replaces the object by something else");
        }
        return object;
    }

    private static JsonNode applyOne(JsonNode root, JsonNode operation) {
        List<String> path = pointer(operation, "path");
        String name = operation.path("op").asText();
        switch (name) {
            case "add" -> {
                return add(root, path, value(operation));
            }
            case "remove" -> remove(root, path);
            case "replace" -> {
                JsonNode value = value(operation);
                if (path.isEmpty()) {
                    return value;
                }
                return replace(root, path, value);
            }
            case "move" -> {
                List<String> from = pointer(operation, "from");
                JsonNode moved = find(root, from);
                remove(root, from);
                return add(root, path, moved);
            }
            case "copy" -> {
                return add(root, path, find(root, pointer(operation, "from")).deepCopy());
            }
            case "test" -> {
                if (!find(root, path).equals(value(operation))) {
                    throw doesNotFit("the test of " + path + " failed");
                }
            }
            default -> throw doesNotFit("there is no operation (" + name + ")");
        }
        return root;
    }

    private static JsonNode add(JsonNode root, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        String last = path.getLast();
        switch (parent) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array when last.equals("-") -> array.add(value);
            case ArrayNode array -> array.insert(index(last, array.size() + 1), value);
            default -> throw doesNotFit("nothing can be added below " + path);
        }
        return root;
    }

    /** The RFC wants the place to exist; the library of the API server asks that of arrays only. */
    private static JsonNode replace(JsonNode root, List<String> path, JsonNode value) {
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        String last = path.getLast();
        switch (parent) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(index(last, array.size()), value);
            default -> throw doesNotFit("nothing can be replaced below " + path);
        }
        return root;
    }

    private static void remove(JsonNode root, List<String> path) {
        if (path.isEmpty()) {
            throw doesNotFit("the whole object cannot be removed");
        }
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        String last = path.getLast();
        @Nullable
        JsonNode removed = switch (parent) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size()));
            default -> null;
        };
        if (removed == null) {
            throw doesNotFit("there is nothing at " + path);
        }
    }

    private static JsonNode find(JsonNode root, List<String> path) {
        JsonNode here = root;
        for (String token : path) {
            @Nullable
            JsonNode next = here instanceof ArrayNode array ? array.get(index(token, array.size())) : here.get(token);
            if (next == null) {
                throw doesNotFit("there is nothing at " + path);
            }
            here = next;
        }
        return here;
    }

    private static int index(String token, int size) {
        if (!token.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(token) >= size) {
            throw doesNotFit("the array has no place (" + token + ")");
        }
        return Integer.parseInt(token);
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw doesNotFit("the operation (" + operation.path("op").asText() + ") needs a value");
        }
        return value.deepCopy();
    }

    private static List<String> pointer(JsonNode operation, String field) {
        JsonNode node = operation.get(field);
        if (node == null || !node.isTextual()) {
            throw doesNotFit("the operation needs a (" + field + ")");
        }
        String text = node.textValue();
        if (text.isEmpty()) {
            return List.of();
        }
        if (!text.startsWith("/")) {
            throw doesNotFit("the pointer (" + text + ") must begin with a slash");
        }
        List<String> tokens = new ArrayList<>();
        for (String token : text.substring(1).split("/", -1)) {
            tokens.add(token.replace("~1", "/").replace("~0", "~"));
        }
        return tokens;
    }

    private static UnusablePatchException doesNotFit(String why) {
        return new UnusablePatchException(Kind.DOES_NOT_FIT, why);
    }
}
