package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Selectors as the documentation describes them: an absent label selector selects nothing, an empty one everything; the
 * requirements of one selector are all to hold; of several terms of a node selector one is to hold, and an empty term never does.
 */
final class Selectors {
    private Selectors() {}

    /** A {@code LabelSelector}. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        if (selector.isMissingNode() || selector.isNull()) {
            return false;
        }
        return matchLabels(selector.path("matchLabels"), labels)
                && all(selector.path("matchExpressions"), expression -> holds(expression, labels));
    }

    /** A map of labels that all must be there. */
    static boolean matchLabels(JsonNode wanted, JsonNode labels) {
        return wanted.properties().stream().allMatch(each -> each.getValue().equals(labels.get(each.getKey())));
    }

    /** The {@code nodeSelectorTerms} of a {@code NodeSelector}. The name counts only in matchFields. */
    static boolean anyTerm(JsonNode terms, JsonNode labels, String nodeName) {
        return any(terms, term -> {
            var expressions = term.path("matchExpressions");
            var fields = term.path("matchFields");
            return expressions.size() + fields.size() > 0
                    && all(expressions, expression -> holds(expression, labels))
                    && all(fields, field -> holds(field, Tree.of("metadata.name", nodeName)));
        });
    }

    /** The {@code allowedTopologies} of a StorageClass: none is no restriction. */
    static boolean anyTopology(JsonNode terms, JsonNode labels) {
        return terms.isEmpty()
                || any(
                        terms,
                        term -> all(
                                term.path("matchLabelExpressions"),
                                expression -> labels.has(expression.path("key").asText())
                                        && isOneOf(
                                                expression.path("values"),
                                                labels.get(
                                                        expression.path("key").asText()))));
    }

    private static boolean holds(JsonNode expression, JsonNode labels) {
        var key = expression.path("key").asText();
        var values = expression.path("values");
        boolean there = labels.has(key);
        return switch (expression.path("operator").asText()) {
            case "In" -> there && isOneOf(values, labels.get(key));
            case "NotIn" -> !there || !isOneOf(values, labels.get(key));
            case "Exists" -> there;
            case "DoesNotExist" -> !there;
            case "Gt" -> there && isNumber(labels.get(key)) && number(labels.get(key)) > number(values.get(0));
            case "Lt" -> there && isNumber(labels.get(key)) && number(labels.get(key)) < number(values.get(0));
            default -> throw new IllegalArgumentException(expression.toString());
        };
    }

    private static boolean isOneOf(JsonNode values, JsonNode value) {
        return any(values, value::equals);
    }

    private static boolean isNumber(JsonNode value) {
        return value.asText().matches("[0-9]{1,18}");
    }

    private static long number(JsonNode value) {
        return Long.parseLong(value.asText());
    }

    static boolean all(JsonNode array, Predicate<JsonNode> condition) {
        return StreamSupport.stream(array.spliterator(), false).allMatch(condition);
    }

    static boolean any(JsonNode array, Predicate<JsonNode> condition) {
        return StreamSupport.stream(array.spliterator(), false).anyMatch(condition);
    }
}
