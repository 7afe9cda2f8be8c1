package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Frozen trees and the few ways to read and change one.
 *
 * <p>A frozen tree is an ordinary Jackson tree whose containers refuse every change with {@link
 * UnsupportedOperationException}, so that a store, its history and two hundred watches can share it. To change one, {@link
 * #thaw} the containers on the way to the change; what lies beside that way stays shared. Freezing a tree whose parts are
 * frozen already copies only the rest.
 *
 * <p>Freezing also brings a tree to one form, so that equal content is equal: fields with a null value are dropped (the
 * API drops them too) and a number that fits an {@code int} is an {@code int}. Not to be used from several threads while a
 * tree is thawed; a frozen tree may be read by any number of them.
 */
public final class Trees {

    private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;

    private static final Texts TEXTS = new Texts();

    private Trees() {}

    /** What becomes of an array without elements. */
    public enum EmptyArrays {
        KEPT,
        /** As if it were not there: what the API does with those of built-in types. */
        LEFT_OUT
    }

    /** A new, empty, changeable object. */
    public static ObjectNode object() {
        return FACTORY.objectNode();
    }

    /** A new, empty, changeable array. */
    public static ArrayNode array() {
        return FACTORY.arrayNode();
    }

    /** Whether a field or an element of a tree is null. */
    public static boolean hasNull(JsonNode tree) {
        for (JsonNode child : tree) {
            if (child.isNull() || (!(child instanceof FrozenObject) && hasNull(child))) {
                return true;
            }
        }
        return false;
    }

    /** Sets again in a copy the nulls of a tree whose place is empty there. */
    public static void putNulls(JsonNode from, JsonNode into) {
        if (from instanceof ObjectNode object && into instanceof ObjectNode copy) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode there = copy.get(field.getKey());
                if (there != null) {
                    putNulls(field.getValue(), there);
                } else if (field.getValue().isNull()) {
                    copy.putNull(field.getKey());
                }
            }
        } else if (from instanceof ArrayNode array && into instanceof ArrayNode copy && array.size() == copy.size()) {
            for (int i = 0; i < array.size(); i++) {
                putNulls(array.get(i), copy.get(i));
            }
        }
    }

    /** The same content, never to be changed again; the argument itself where it is frozen already. */
    public static ObjectNode freeze(ObjectNode tree) {
        return freeze(tree, EmptyArrays.KEPT);
    }

    /** The same; whether an array without elements is left out counts for what is not frozen yet. */
    public static ObjectNode freeze(ObjectNode tree, EmptyArrays empty) {
        if (tree instanceof FrozenObject) {
            return tree;
        }
        List<String> names = new ArrayList<>(tree.size());
        List<JsonNode> values = new ArrayList<>(tree.size());
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            JsonNode value = field.getValue();
            boolean leftOut = value.isNull() || (empty == EmptyArrays.LEFT_OUT && value.isArray() && value.isEmpty());
            if (!leftOut) {
                names.add(field.getKey());
                values.add(freezeAny(value, empty));
            }
        }
        FieldNames shared = FieldNames.of(names.toArray(String[]::new));
        return new FrozenObject(new FrozenFields(shared, values.toArray(JsonNode[]::new)));
    }

    /** A changeable copy of the outermost container; what it contains is shared. */
    public static ObjectNode thaw(ObjectNode tree) {
        ObjectNode copy = object();
        copy.setAll(tree);
        return copy;
    }

    /** A changeable copy of the outermost container; what it contains is shared. */
    public static ArrayNode thaw(ArrayNode tree) {
        return array().addAll(tree);
    }

    /**
     * The object in a field of {@code parent}, ready to be changed: as it is, thawed in place where it is frozen, made where
     * there is none or something else is there.
     */
    public static ObjectNode writable(ObjectNode parent, String field) {
        JsonNode there = parent.get(field);
        if (there instanceof ObjectNode child && !(child instanceof FrozenObject)) {
            return child;
        }
        ObjectNode child = there instanceof ObjectNode frozen ? thaw(frozen) : object();
        parent.set(field, child);
        return child;
    }

    /** The node at the end of a path of field names, or null where the path ends early. */
    public static @Nullable JsonNode at(JsonNode tree, String... path) {
        JsonNode here = tree;
        for (String field : path) {
            JsonNode next = here.get(field);
            if (next == null) {
                return null;
            }
            here = next;
        }
        return here;
    }

    /** The text at the end of a path, or null where there is none or it is empty: the API does not tell these two apart. */
    public static @Nullable String text(JsonNode tree, String... path) {
        JsonNode node = at(tree, path);
        return node == null || !node.isTextual() || node.textValue().isEmpty() ? null : node.textValue();
    }

    /** The whole number at the end of a path, or null where there is none. */
    public static @Nullable Long number(JsonNode tree, String... path) {
        JsonNode node = at(tree, path);
        return node == null || !node.isIntegralNumber() ? null : node.longValue();
    }

    /** The elements of the array at the end of a path; none where there is no array. */
    public static Iterable<JsonNode> elements(JsonNode tree, String... path) {
        return at(tree, path) instanceof ArrayNode array ? array : List.of();
    }

    /** The fields of the object at the end of a path, in their order; none where there is no object. */
    public static Iterable<Map.Entry<String, JsonNode>> fields(JsonNode tree, String... path) {
        return at(tree, path) instanceof ObjectNode object ? object.properties() : List.of();
    }

    /** Whether both are the same content, null and an empty object or array counting as equal (the API omits empty ones). */
    public static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
        if (one == null || one.isNull()) {
            return other == null || other.isNull() || (other.isContainerNode() && other.isEmpty());
        }
        if (other == null || other.isNull()) {
            return one.isContainerNode() && one.isEmpty();
        }
        return one.equals(other);
    }

    /** Sets a field, or removes it where the value is null. */
    public static void put(ObjectNode object, String field, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(field);
        } else {
            object.set(field, value);
        }
    }

    private static JsonNode freezeAny(JsonNode node, EmptyArrays empty) {
        return switch (node) {
            case FrozenObject frozen -> frozen;
            case FrozenArray frozen -> frozen;
            case ObjectNode object -> freeze(object, empty);
            case ArrayNode array -> {
                List<JsonNode> elements = new ArrayList<>(array.size());
                array.forEach(element -> elements.add(freezeAny(element, empty)));
                yield new FrozenArray(elements);
            }
            default -> freezeValue(node);
        };
    }

    private static JsonNode freezeValue(JsonNode node) {
        return switch (node.getNodeType()) {
            case NUMBER -> {
                if (node.isIntegralNumber()) {
                    yield node.canConvertToInt() && !node.isInt() ? IntNode.valueOf(node.intValue()) : node;
                }
                yield node.isFloat() ? DoubleNode.valueOf(node.doubleValue()) : node;
            }
            case STRING -> TEXTS.shared(node);
            case BOOLEAN -> node;
            case NULL -> NullNode.getInstance();
            case BINARY, MISSING, POJO, ARRAY, OBJECT ->
                throw new IllegalArgumentException(
                        "The value (%s) is not JSON: its node type is %s. Build the tree from objects, arrays, strings, numbers and booleans."
                                .formatted(node, node.getNodeType()));
        };
    }

    /** Jackson's object over a map that refuses changes; its deep copy is an ordinary, changeable object. */
    @SuppressWarnings("unchecked") // Jackson's own deepCopy is declared so
    private static final class FrozenObject extends ObjectNode {
        FrozenObject(FrozenFields fields) {
            super(FACTORY, fields);
        }
    }

    /** Jackson's array over a list that refuses changes; its deep copy is an ordinary, changeable array. */
    @SuppressWarnings("unchecked") // Jackson's own deepCopy is declared so
    private static final class FrozenArray extends ArrayNode {
        FrozenArray(List<JsonNode> elements) {
            super(FACTORY, List.copyOf(elements));
        }
    }
}
