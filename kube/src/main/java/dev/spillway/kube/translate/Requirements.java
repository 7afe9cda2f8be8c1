package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads label selectors: those that people write by hand with {@link Fields}, those that the API server has checked without. */
final class Requirements {
    private Requirements() {}

    /** The list {@code matchExpressions} of a selector that may be malformed; what is wrong is noted. */
    static List<LabelRequirement> read(Fields fields, JsonNode selector, String selectorPath) {
        var list = new ArrayList<LabelRequirement>();
        for (var expression : fields.list(selector, selectorPath, "matchExpressions")) {
            var path = "%s.matchExpressions[%d]".formatted(selectorPath, list.size());
            list.add(new LabelRequirement(
                    fields.text(expression, path, "key", ""),
                    operator(fields, expression, path),
                    fields.texts(expression, path, "values")));
        }
        return list;
    }

    private static LabelRequirement.Operator operator(Fields fields, JsonNode expression, String path) {
        var operator = operator(fields.text(expression, path, "operator", ""));
        if (operator == null) {
            fields.wrong(path + ".operator", expression.path("operator"), "write In, NotIn, Exists or DoesNotExist");
            return LabelRequirement.Operator.IN;
        }
        return operator;
    }

    /** A selector that the API server has checked. An absent one selects nothing, as does one with an operator of a later Kubernetes, of which {@code unknown} is told. */
    static LabelSelector selector(JsonNode selector, Consumer<String> unknown) {
        if (Fields.isAbsent(selector)) {
            return LabelSelector.NOTHING;
        }
        var requirements = new ArrayList<LabelRequirement>();
        for (var expression : selector.path("matchExpressions")) {
            var text = expression.path("operator").asText();
            var operator = operator(text);
            if (operator == null) {
                unknown.accept("label selector operator " + text);
                return LabelSelector.NOTHING;
            }
            requirements.add(new LabelRequirement(
                    expression.path("key").asText().intern(), operator, texts(expression.path("values"))));
        }
        return LabelSelector.of(Fields.pairs(selector.path("matchLabels")), requirements);
    }

    private static LabelRequirement.@Nullable Operator operator(String text) {
        return switch (text) {
            case "In" -> LabelRequirement.Operator.IN;
            case "NotIn" -> LabelRequirement.Operator.NOT_IN;
            case "Exists" -> LabelRequirement.Operator.EXISTS;
            case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
            default -> null;
        };
    }

    static List<String> texts(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.asText().intern()));
        return texts;
    }
}
