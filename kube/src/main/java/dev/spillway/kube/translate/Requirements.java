package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.policy.LabelRequirement;
import java.util.ArrayList;
import java.util.List;

/** Reads the list {@code matchExpressions} of a label selector. */
final class Requirements {
    private Requirements() {}

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
        return switch (fields.text(expression, path, "operator", "")) {
            case "In" -> LabelRequirement.Operator.IN;
            case "NotIn" -> LabelRequirement.Operator.NOT_IN;
            case "Exists" -> LabelRequirement.Operator.EXISTS;
            case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
            default -> {
                fields.wrong(
                        path + ".operator", expression.path("operator"), "write In, NotIn, Exists or DoesNotExist");
                yield LabelRequirement.Operator.IN;
            }
        };
    }
}
