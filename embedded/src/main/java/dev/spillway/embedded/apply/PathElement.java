package dev.spillway.embedded.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One step from a container to what it contains. Ordered: fields, then keyed elements, then values.
 *
 * <p>Rules: structured-merge-diff {@code fieldpath/element.go} and {@code serialize-pe.go}.
 */
sealed interface PathElement extends Comparable<PathElement> {

    /** A field of an object. */
    record Field(String name) implements PathElement {
        @Override
        public String text() {
            return "f:" + name;
        }

        @Override
        public String shown() {
            return "." + name;
        }
    }

    /** The element of a list that has these values in its key fields. */
    record Key(SortedMap<String, JsonNode> values) implements PathElement {
        @Override
        public String text() {
            ObjectNode object = JSON.createObjectNode();
            values.forEach(object::set);
            return "k:" + object;
        }

        @Override
        public String shown() {
            return values.entrySet().stream()
                    .map(value -> value.getKey() + "=" + value.getValue())
                    .collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** The element of a set that is this value. */
    record Value(JsonNode value) implements PathElement {
        @Override
        public String text() {
            return "v:" + value;
        }

        @Override
        public String shown() {
            return "[=" + value + "]";
        }
    }

    ObjectMapper JSON = new ObjectMapper();

    /** As a field of fieldsV1 is named: {@code f:spec}. */
    String text();

    /** As a message shows it: {@code .spec}. */
    String shown();

    /** Reads the name of a field of fieldsV1; null where it is none. */
    static @Nullable PathElement parse(String text) {
        if (text.startsWith("f:")) {
            return new Field(text.substring(2));
        }
        try {
            if (text.startsWith("v:")) {
                return new Value(JSON.readTree(text.substring(2)));
            }
            if (text.startsWith("k:") && JSON.readTree(text.substring(2)) instanceof ObjectNode values) {
                SortedMap<String, JsonNode> sorted = new TreeMap<>();
                values.properties().forEach(value -> sorted.put(value.getKey(), value.getValue()));
                return new Key(sorted);
            }
            return null;
        } catch (JsonProcessingException malformed) {
            return null;
        }
    }

    @Override
    default int compareTo(PathElement other) {
        if (this instanceof Field(String name) && other instanceof Field(String otherName)) {
            return name.compareTo(otherName);
        }
        if (this instanceof Key(SortedMap<String, JsonNode> values)
                && other instanceof Key(SortedMap<String, JsonNode> others)) {
            return compare(values, others);
        }
        if (this instanceof Value(JsonNode value) && other instanceof Value(JsonNode otherValue)) {
            return compare(value, otherValue);
        }
        return Integer.compare(rank(this), rank(other));
    }

    private static int rank(PathElement element) {
        return switch (element) {
            case Field any -> 0;
            case Key any -> 1;
            case Value any -> 2;
        };
    }

    private static int compare(SortedMap<String, JsonNode> one, SortedMap<String, JsonNode> other) {
        Iterator<Map.Entry<String, JsonNode>> left = one.entrySet().iterator();
        Iterator<Map.Entry<String, JsonNode>> right = other.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            Map.Entry<String, JsonNode> l = left.next();
            Map.Entry<String, JsonNode> r = right.next();
            int names = l.getKey().compareTo(r.getKey());
            int order = names != 0 ? names : compare(l.getValue(), r.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            int byValue = Double.compare(one.doubleValue(), other.doubleValue());
            return byValue != 0 ? byValue : one.toString().compareTo(other.toString());
        }
        if (one instanceof TextNode && other instanceof TextNode) {
            return one.textValue().compareTo(other.textValue());
        }
        int kinds = Integer.compare(kind(one), kind(other));
        return kinds != 0 ? kinds : one.toString().compareTo(other.toString());
    }

    private static int kind(JsonNode value) {
        return value.isNumber() ? 0 : value.isTextual() ? 1 : value.isBoolean() ? 2 : 3;
    }
}
