package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of an updated object beside the one that it takes the place of. An error of a value that did not change is not
 * held against an update.
 *
 * <p>Rules: apiserver {@code pkg/cel/common/equality.go}. Elements of a list have a counterpart only where the list is of
 * type map.
 */
record Correlation(JsonNode value, JsonNode old, Structural schema) {

    /** The same for a field; null where either has none, or the schema does not know it. */
    @Nullable
    Correlation key(String field) {
        JsonNode now = value.isObject() ? value.get(field) : null;
        JsonNode before = old.isObject() ? old.get(field) : null;
        Structural child = schema.properties().getOrDefault(field, schema.additionalProperties());
        return now == null || before == null || child == null ? null : new Correlation(now, before, child);
    }

    /** The same for an element; null where it has no counterpart. */
    @Nullable
    Correlation index(int index) {
        Structural items = schema.items();
        JsonNode element = value.isArray() ? value.get(index) : null;
        JsonNode before = element == null ? null : counterpart(schema, old, element);
        return items == null || element == null || before == null ? null : new Correlation(element, before, items);
    }

    /** The element of an old list of type map that has the keys of this one; null where there is none. */
    static @Nullable JsonNode counterpart(Structural list, @Nullable JsonNode old, JsonNode element) {
        if (old == null || !old.isArray() || !list.listType().equals("map")) {
            return null;
        }
        for (JsonNode candidate : old) {
            if (list.listMapKeys().stream().allMatch(key -> candidate.path(key).equals(element.path(key)))) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether nothing changed, the order of a list of type map aside. */
    boolean isUnchanged() {
        if (value.isNull() || old.isNull()) {
            return value.isNull() && old.isNull();
        }
        if (value instanceof ArrayNode now && old instanceof ArrayNode before) {
            return sameElements(now, before);
        }
        if (value instanceof ObjectNode now && old instanceof ObjectNode before) {
            return now.size() == before.size()
                    && now.properties().stream()
                            .map(Map.Entry::getKey)
                            .map(this::key)
                            .allMatch(child -> child != null && child.isUnchanged());
        }
        return value.equals(old);
    }

    private boolean sameElements(ArrayNode now, ArrayNode before) {
        if (now.size() != before.size()) {
            return false;
        }
        if (!schema.listType().equals("map")) {
            return now.equals(before);
        }
        for (int i = 0; i < now.size(); i++) {
            Correlation child = index(i);
            if (child == null || !child.isUnchanged()) {
                return false;
            }
        }
        return true;
    }
}
