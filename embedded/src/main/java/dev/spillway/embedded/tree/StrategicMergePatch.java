package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.MergeKeys.ListStrategy;
import dev.spillway.embedded.tree.UnusablePatchException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch ({@code application/strategic-merge-patch+json}): a merge patch that knows which lists are maps in
 * disguise, and obeys the directives {@code $patch}, {@code $retainKeys}, {@code $setElementOrder} and {@code
 * $deleteFromPrimitiveList}.
 *
 * <p>The rules are those of {@code k8s.io/apimachinery/pkg/util/strategicpatch}, patch.go.
 */
public final class StrategicMergePatch {

    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

    private final MergeKeys keys;

    private StrategicMergePatch(MergeKeys keys) {
        this.keys = keys;
    }

    /**
     * The object after the patch; neither argument is changed.
     *
     * @throws UnusablePatchException when an element lacks its merge key or a directive is unknown
     */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch, MergeKeys keys) {
        return new StrategicMergePatch(keys).mergeObject(target, patch, "");
    }

    private ObjectNode mergeObject(ObjectNode target, ObjectNode patch, String path) {
        switch (patch.path(PATCH).asText("merge")) {
            case "replace" -> {
                return withoutDirectives(patch);
            }
            case "delete" -> {
                return Trees.object();
            }
            case "merge" -> {}
            default ->
                throw new UnusablePatchException(
                        Kind.MALFORMED,
                        "Unknown patch type found: " + patch.path(PATCH).asText());
        }
        ObjectNode result = Trees.thaw(target);
        if (patch.get(RETAIN_KEYS) instanceof ArrayNode retained) {
            result.retain(texts(retained));
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            if (name.equals(PATCH) || name.equals(RETAIN_KEYS)) {
                continue;
            }
            if (name.startsWith(DELETE_VALUES)) {
                deleteValues(result, name.substring(DELETE_VALUES.length()), field.getValue());
            } else if (name.startsWith(ORDER)) {
                mergeOrdered(target, result, patch, name.substring(ORDER.length()), path);
            } else if (!patch.has(ORDER + name)) {
                mergeField(result, name, field.getValue(), join(path, name));
            }
        }
        return result;
    }

    private void mergeField(ObjectNode result, String name, JsonNode patch, String path) {
        JsonNode old = result.get(name);
        if (patch.isNull()) {
            result.remove(name);
        } else if (patch instanceof ObjectNode fields
                && old instanceof ObjectNode object
                && !(keys.at(path) instanceof ListStrategy.ReplaceObject)) {
            result.set(name, mergeObject(object, fields, path));
        } else if (patch instanceof ArrayNode elements && old instanceof ArrayNode array) {
            result.set(name, mergeArray(array, elements, path));
        } else {
            result.set(name, withoutDirectivesAny(patch));
        }
    }

    /** The list's own change first, where the patch brings one, then the order that the patch asks for. */
    private void mergeOrdered(ObjectNode target, ObjectNode result, ObjectNode patch, String name, String path) {
        if (patch.get(name) != null) {
            mergeField(result, name, patch.get(name), join(path, name));
        }
        if (result.get(name) instanceof ArrayNode merged && patch.get(ORDER + name) instanceof ArrayNode order) {
            ArrayNode before = target.get(name) instanceof ArrayNode array ? array : Trees.array();
            result.set(name, ordered(merged, order, before, keys.keyAt(join(path, name))));
        }
    }

    private ArrayNode mergeArray(ArrayNode old, ArrayNode patch, String path) {
        return switch (keys.at(path)) {
            case ListStrategy.Replace(), ListStrategy.ReplaceObject() -> withoutDirectives(patch);
            case ListStrategy.MergeValues() -> {
                ArrayNode result = Trees.thaw(old);
                patch.forEach(value -> {
                    if (indexOf(result, value, null) < 0) {
                        result.add(value);
                    }
                });
                yield ordered(result, patch, old, null);
            }
            case ListStrategy.MergeByKey(String key) -> mergeByKey(old, patch, key, path);
        };
    }

    private ArrayNode mergeByKey(ArrayNode old, ArrayNode patch, String key, String path) {
        for (JsonNode element : patch) {
            if (element.path(PATCH).asText().equals("replace")) {
                return withoutDirectives(patch);
            }
        }
        List<JsonNode> result = new ArrayList<>();
        old.forEach(result::add);
        for (JsonNode element : patch) {
            if (!element.has(key)) {
                throw new UnusablePatchException(
                        Kind.NO_MERGE_KEY, "map: %s does not contain declared merge key: %s".formatted(element, key));
            }
            boolean delete = element.path(PATCH).asText().equals("delete");
            if (delete) {
                result.removeIf(there -> element.get(key).equals(there.get(key)));
                continue;
            }
            int place = indexOf(result, element, key);
            if (place < 0) {
                result.add(withoutDirectivesAny(element));
            } else if (result.get(place) instanceof ObjectNode there && element instanceof ObjectNode fields) {
                result.set(place, mergeObject(there, fields, path));
            }
        }
        return ordered(Trees.array().addAll(result), patch, old, key);
    }

    private static void deleteValues(ObjectNode result, String name, JsonNode values) {
        if (!(result.get(name) instanceof ArrayNode old)) {
            return;
        }
        ArrayNode kept = Trees.array();
        old.forEach(value -> {
            if (indexOf(values, value, null) < 0) {
                kept.add(value);
            }
        });
        result.set(name, kept);
    }

    /**
     * The elements that the order names, in that order; between them the others, each before the first named element that it
     * preceded in the old list. Where the patch asks for no order, its own elements are one: new ones come first.
     */
    private static ArrayNode ordered(ArrayNode merged, ArrayNode order, ArrayNode before, @Nullable String key) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode wanted : order) {
            int place = indexOf(merged, wanted, key);
            if (place >= 0) {
                named.add(merged.get(place));
            }
        }
        merged.forEach(
                element -> (indexOf(order, element, key) >= 0 ? new ArrayList<JsonNode>() : others).add(element));
        ArrayNode result = Trees.array();
        int nextNamed = 0;
        for (JsonNode other : others) {
            int place = indexOf(before, other, key);
            while (nextNamed < named.size() && !precedes(place, indexOf(before, named.get(nextNamed), key))) {
                result.add(named.get(nextNamed++));
            }
            result.add(other);
        }
        result.addAll(named.subList(nextNamed, named.size()));
        return result;
    }

    private static boolean precedes(int place, int otherPlace) {
        return place >= 0 && otherPlace >= 0 && place < otherPlace;
    }

    private static int indexOf(Iterable<JsonNode> list, JsonNode wanted, @Nullable String key) {
        int place = 0;
        for (JsonNode element : list) {
            boolean found = key == null
                    ? element.equals(wanted)
                    : wanted.has(key) && wanted.get(key).equals(element.get(key));
            if (found) {
                return place;
            }
            place++;
        }
        return -1;
    }

    private static JsonNode withoutDirectivesAny(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> withoutDirectives(object);
            case ArrayNode array -> withoutDirectives(array);
            default -> node;
        };
    }

    private static ObjectNode withoutDirectives(ObjectNode object) {
        ObjectNode result = Trees.object();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            boolean directive = name.equals(PATCH)
                    || name.equals(RETAIN_KEYS)
                    || name.startsWith(ORDER)
                    || name.startsWith(DELETE_VALUES);
            if (!directive && !field.getValue().isNull()) {
                result.set(name, withoutDirectivesAny(field.getValue()));
            }
        }
        return result;
    }

    private static ArrayNode withoutDirectives(ArrayNode array) {
        ArrayNode result = Trees.array();
        for (JsonNode element : array) {
            JsonNode plain = withoutDirectivesAny(element);
            // What is left of a lone directive is no element.
            if (!(element.has(PATCH) && plain.isEmpty())) {
                result.add(plain);
            }
        }
        return result;
    }

    private static List<String> texts(ArrayNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
