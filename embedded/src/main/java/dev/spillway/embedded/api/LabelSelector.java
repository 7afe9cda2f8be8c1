package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A label selector: every requirement must hold. Immutable.
 *
 * @param requirements none selects everything
 */
public record LabelSelector(List<Requirement> requirements) {

    private static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final Pattern SET = Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*");
    private static final Pattern EQUALITY = Pattern.compile("\\s*([^=!\\s]+)\\s*(!=|==|=)\\s*([^=!\\s]*)\\s*");
    private static final Pattern PRESENCE = Pattern.compile("\\s*(!?)\\s*([^=!\\s(),]+)\\s*");

    /** How a label is judged. */
    public enum Operator {
        IN,
        /** Also true where the label is missing. */
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** One label, judged; values are empty for the operators that need none. */
    public record Requirement(String key, Operator operator, Set<String> values) {

        /** Copies the set. */
        public Requirement {
            values = Set.copyOf(values);
        }

        boolean holds(@Nullable String value) {
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** Copies the list. */
    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** Selects every object. */
    public static LabelSelector everything() {
        return EVERYTHING;
    }

    /**
     * The selector of a query string, such as {@code app=web,tier in (a, b),!old}.
     *
     * @throws Failure 400 where it cannot be understood
     */
    public static LabelSelector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",(?![^(]*\\))", -1)) {
            requirements.add(requirement(part, text));
        }
        return new LabelSelector(requirements);
    }

    /**
     * The selector in an object, with {@code matchLabels} and {@code matchExpressions}; null where there is none.
     *
     * @throws Failure 400 where an operator is unknown
     */
    public static @Nullable LabelSelector of(@Nullable JsonNode selector) {
        if (selector == null) {
            return null;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : Trees.fields(selector, "matchLabels")) {
            requirements.add(new Requirement(
                    label.getKey(), Operator.IN, Set.of(label.getValue().asText())));
        }
        for (JsonNode expression : Trees.elements(selector, "matchExpressions")) {
            Operator operator = switch (expression.path("operator").asText()) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                default ->
                    throw Failure.badRequest(
                            "The operator (%s) of a label selector must be In, NotIn, Exists or DoesNotExist."
                                    .formatted(expression.path("operator")));
            };
            Set<String> values = new LinkedHashSet<>();
            Trees.elements(expression, "values").forEach(value -> values.add(value.asText()));
            requirements.add(new Requirement(expression.path("key").asText(), operator, values));
        }
        return new LabelSelector(requirements);
    }

    /** Whether an object's labels meet every requirement. */
    public boolean matches(JsonNode object) {
        if (requirements.isEmpty()) {
            return true;
        }
        JsonNode labels = Trees.at(object, "metadata", "labels");
        for (Requirement requirement : requirements) {
            JsonNode value = labels == null ? null : labels.get(requirement.key());
            if (!requirement.holds(value == null ? null : value.asText())) {
                return false;
            }
        }
        return true;
    }

    private static Requirement requirement(String part, String whole) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            Set<String> values = new LinkedHashSet<>();
            for (String value : set.group(3).split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(set.group(1), set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            Operator operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
            return new Requirement(equality.group(1), operator, Set.of(equality.group(3)));
        }
        Matcher presence = PRESENCE.matcher(part);
        if (presence.matches()) {
            Operator operator = presence.group(1).isEmpty() ? Operator.EXISTS : Operator.DOES_NOT_EXIST;
            return new Requirement(presence.group(2), operator, Set.of());
        }
        throw Failure.badRequest(
                "unable to parse requirement: the label selector (%s) is wrong at (%s)".formatted(whole, part.strip()));
    }

    /** A selector of an object, such as that of a Deployment, as the one line of a query; empty where it has none. */
    public static String text(JsonNode selector) {
        // The same key may be required twice, so that the key alone does not order.
        TreeMap<String, String> parts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : Trees.fields(selector, "matchLabels")) {
            parts.put(
                    label.getKey() + "\0",
                    label.getKey() + "=" + label.getValue().asText());
        }
        for (JsonNode expression : Trees.elements(selector, "matchExpressions")) {
            String key = expression.path("key").asText();
            String text = expressionText(key, expression);
            parts.put(key + "\0" + text, text);
        }
        return String.join(",", parts.values());
    }

    private static String expressionText(String key, JsonNode expression) {
        List<String> values = new ArrayList<>();
        Trees.elements(expression, "values").forEach(value -> values.add(value.asText()));
        values.sort(null);
        String list = " (" + String.join(",", values) + ")";
        return switch (expression.path("operator").asText()) {
            case "In" -> key + " in" + list;
            case "NotIn" -> key + " notin" + list;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }
}
