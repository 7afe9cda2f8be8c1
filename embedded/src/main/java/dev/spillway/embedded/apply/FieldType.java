package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the values at one place are merged and owned. Made by {@link FieldTypes}; immutable from then on.
 *
 * <p>Rules: structured-merge-diff {@code schema/elements.go}.
 */
@SuppressWarnings(
        "ClassInitializationDeadlock") // Leaf and Deduced are made here alone, so that neither is initialised first
public abstract sealed class FieldType {

    /** Owned as a whole. */
    static final FieldType LEAF = new Leaf();

    /** Nothing is declared: objects are merged field by field, all else is owned as a whole. */
    static final FieldType DEDUCED = new Deduced();

    private FieldType() {}

    /** The type of what an element of a path leads to. */
    FieldType at(PathElement element) {
        return LEAF;
    }

    /** Whether a field is declared by its name. */
    boolean declares(String field) {
        return false;
    }

    /** The type that these values have here; either may be absent. */
    FieldType of(@Nullable JsonNode one, @Nullable JsonNode other) {
        return this;
    }

    /** An object of this type with nothing in it, as the server's own code makes one. */
    ObjectNode empty() {
        return Trees.object();
    }

    /** Owned as a whole, whatever it is. */
    static final class Leaf extends FieldType {}

    /** Owned as a whole, and of one kind. */
    static final class Scalar extends FieldType {
        static final Scalar TEXT = new Scalar();
        static final Scalar NUMBER = new Scalar();
        static final Scalar TRUTH = new Scalar();

        private Scalar() {}
    }

    /** Owned as a whole; what may be in it is declared all the same. */
    static final class Atomic extends FieldType {
        private final FieldType inside;

        /** {@link Fields}, or {@link Elements} without keys. */
        Atomic(FieldType inside) {
            this.inside = inside;
        }

        FieldType inside() {
            return inside;
        }
    }

    /** Owned as what it is found to be. */
    static final class Deduced extends FieldType {
        private final Fields open = new Fields(this);

        @Override
        FieldType at(PathElement element) {
            return element instanceof PathElement.Field ? this : LEAF;
        }

        @Override
        FieldType of(@Nullable JsonNode one, @Nullable JsonNode other) {
            return one instanceof ObjectNode || other instanceof ObjectNode ? open : LEAF;
        }
    }

    /** An object that is merged field by field. */
    static final class Fields extends FieldType {
        private final Map<String, FieldType> named = new LinkedHashMap<>();
        private final Map<String, JsonNode> defaults = new LinkedHashMap<>();
        private @Nullable FieldType others;

        /**
         * Without named fields so far.
         *
         * @param others the type of fields that are not named; null where there may be none
         */
        Fields(@Nullable FieldType others) {
            this.others = others;
        }

        /** While it is made: adds a field, and the value that it has when it is absent. */
        void declare(String name, FieldType type, @Nullable JsonNode byDefault) {
            named.put(name, type);
            if (byDefault != null) {
                defaults.put(name, byDefault);
            }
        }

        /** While it is made: says what other fields are. */
        void others(FieldType type) {
            others = type;
        }

        @Override
        FieldType at(PathElement element) {
            FieldType type = element instanceof PathElement.Field(String name) ? find(name) : null;
            return type == null ? LEAF : type;
        }

        /** The type of a field; null where there may be none of this name. */
        @Nullable
        FieldType find(String name) {
            FieldType type = named.get(name);
            return type == null ? others : type;
        }

        @Override
        boolean declares(String field) {
            return named.containsKey(field);
        }

        /** The value of a field that is absent; null where there is none. */
        @Nullable
        JsonNode byDefault(String name) {
            return defaults.get(name);
        }

        @Override
        ObjectNode empty() {
            ObjectNode empty = Trees.object();
            defaults.forEach((name, value) -> {
                if (value instanceof ObjectNode object && object.isEmpty()) {
                    empty.set(name, at(new PathElement.Field(name)).empty());
                } else if (isZero(value)) {
                    empty.set(name, value);
                }
            });
            return empty;
        }

        /** Only what Go has in a field that nobody set; a default such as TCP comes later. */
        private static boolean isZero(JsonNode value) {
            return value.isNull()
                    || (value.isTextual() && value.textValue().isEmpty())
                    || (value.isNumber() && value.intValue() == 0)
                    || (value.isBoolean() && !value.booleanValue());
        }
    }

    /**
     * A list whose elements are owned one by one: told apart by the values of key fields, or by their own value where there is
     * no key.
     */
    static final class Elements extends FieldType {
        private final FieldType type;
        private final List<String> keys;

        Elements(FieldType type, List<String> keys) {
            this.type = type;
            this.keys = List.copyOf(keys);
        }

        FieldType type() {
            return type;
        }

        List<String> keys() {
            return keys;
        }

        @Override
        FieldType at(PathElement element) {
            return type;
        }
    }
}
