package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes.Cause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a schema that have rules in CEL, at or below them; asks all of them about an object.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/schema/cel/validation.go}. The rules of a node are compiled when a value meets
 * it first. May be shared by threads.
 */
final class RuleTree {

    /** The value at a node, or the nearest one above that has a counterpart, beside what it takes the place of. */
    private record Ratchet(
            @Nullable Correlation here, @Nullable Correlation above) {

        boolean forgives() {
            Correlation nearest = here == null ? above : here;
            return nearest != null && nearest.isUnchanged();
        }

        Ratchet key(String field) {
            if (here == null) {
                return this;
            }
            boolean typeMeta = above == null && (field.equals("apiVersion") || field.equals("kind"));
            return typeMeta ? new Ratchet(null, null) : new Ratchet(here.key(field), here);
        }

        Ratchet index(int index) {
            return here == null ? this : new Ratchet(here.index(index), here);
        }
    }

    private final Structural schema;
    private final boolean isResource;
    private final Map<String, RuleTree> properties = new LinkedHashMap<>();
    private final @Nullable RuleTree additionalProperties;
    private final @Nullable RuleTree items;
    private @Nullable CelRules rules;

    private RuleTree(Structural schema, boolean isResource) {
        this.schema = schema;
        this.isResource = isResource;
        schema.properties().forEach((name, property) -> {
            RuleTree child = of(property, property.isEmbeddedResource());
            if (child != null) {
                properties.put(name, child);
            }
        });
        additionalProperties = child(schema.additionalProperties());
        items = child(schema.items());
    }

    /** The rules of a schema; null where it has none. */
    static @Nullable RuleTree of(Structural schema, boolean isResource) {
        RuleTree tree = new RuleTree(schema, isResource);
        boolean empty = schema.rules().isEmpty()
                && tree.properties.isEmpty()
                && tree.additionalProperties == null
                && tree.items == null;
        return empty ? null : tree;
    }

    private static @Nullable RuleTree child(@Nullable Structural schema) {
        return schema == null ? null : of(schema, schema.isEmbeddedResource());
    }

    /**
     * Adds what the rules hold against an object.
     *
     * @param old what it takes the place of; null on creation
     * @param warnings gets what an update is forgiven, because it did not change it
     */
    void ask(JsonNode object, @Nullable JsonNode old, List<Cause> wrong, List<String> warnings) {
        Correlation root = old == null ? null : new Correlation(object, old, schema);
        ask("", object, old, new Ratchet(root, null), wrong, warnings);
    }

    private void ask(
            String path,
            JsonNode value,
            @Nullable JsonNode old,
            Ratchet ratchet,
            List<Cause> wrong,
            List<String> warnings) {
        if (value.isNull()) {
            return;
        }
        if (!schema.rules().isEmpty()) {
            askOwn(path, value, old == null || old.isNull() ? null : old, ratchet, wrong, warnings);
        }
        if (value instanceof ArrayNode array && items != null) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode before = Correlation.counterpart(schema, old, array.get(i));
                items.ask(path + "[" + i + "]", array.get(i), before, ratchet.index(i), wrong, warnings);
            }
        }
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                String name = field.getKey();
                JsonNode before = old == null ? null : old.get(name);
                RuleTree property = properties.get(name);
                boolean known = schema.properties().containsKey(name);
                if (property != null) {
                    property.ask(child(path, name), field.getValue(), before, ratchet.key(name), wrong, warnings);
                } else if (!known && additionalProperties != null) {
                    String where = path + "[" + name + "]";
                    additionalProperties.ask(where, field.getValue(), before, ratchet.key(name), wrong, warnings);
                }
            }
        }
    }

    private void askOwn(
            String path,
            JsonNode value,
            @Nullable JsonNode old,
            Ratchet ratchet,
            List<Cause> wrong,
            List<String> warnings) {
        CelRules own = rules();
        for (int i = 0; i < own.size(); i++) {
            switch (own.ask(i, value, old)) {
                case CelRules.Verdict.Holds() -> {}
                case CelRules.Verdict.Breaks(String why) ->
                    wrong.add(FieldErrors.invalid(orNone(path), schema.type(), why));
                case CelRules.Verdict.Fails(String message) -> {
                    Cause cause = cause(own, i, path, value, message);
                    if (!own.usesOldSelf(i) && ratchet.forgives()) {
                        warnings.add(cause.field() + ": " + cause.message());
                    } else {
                        wrong.add(cause);
                    }
                }
            }
        }
    }

    private Cause cause(CelRules own, int index, String path, JsonNode value, String message) {
        String below = normal(own.rule(index).fieldPath());
        String field = below.isEmpty() ? orNone(path) : child(path, below);
        boolean shown = !value.isContainerNode();
        return switch (own.rule(index).reason()) {
            case "FieldValueForbidden" -> FieldErrors.forbidden(field, message);
            case "FieldValueRequired" -> FieldErrors.required(field, message);
            case "FieldValueDuplicate" -> FieldErrors.duplicate(field, shown ? value : null);
            default -> shown ? FieldErrors.invalid(field, value, message) : FieldErrors.invalid(field, message);
        };
    }

    /** Compiles what is otherwise compiled when it is first asked. */
    void compile() {
        if (!schema.rules().isEmpty()) {
            rules();
        }
        properties.values().forEach(RuleTree::compile);
        if (additionalProperties != null) {
            additionalProperties.compile();
        }
        if (items != null) {
            items.compile();
        }
    }

    private synchronized CelRules rules() {
        CelRules known = rules;
        if (known == null) {
            known = new CelRules(schema, isResource);
            rules = known;
        }
        return known;
    }

    /** A fieldPath such as {@code .a['b']} as the path of a cause: {@code a.b}, or {@code a[b]} where a is a map. */
    private String normal(String fieldPath) {
        StringBuilder result = new StringBuilder();
        Structural here = schema;
        for (String part : fieldPath.split("(?<!\\\\)[.\\[\\]']+", -1)) {
            if (part.isEmpty() || here == null) {
                continue;
            }
            Structural property = here.properties().get(part);
            boolean isKey = property == null && here.additionalProperties() != null;
            if (isKey) {
                result.append('[').append(part).append(']');
            } else {
                result.append(result.isEmpty() ? "" : ".").append(part);
            }
            here = isKey ? here.additionalProperties() : property;
        }
        return result.toString();
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String orNone(String path) {
        return path.isEmpty() ? FieldErrors.NO_FIELD : path;
    }
}
