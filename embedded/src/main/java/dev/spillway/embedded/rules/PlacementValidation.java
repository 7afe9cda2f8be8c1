package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.tree.Trees;
import java.util.List;

/**
 * What is wrong with what a pod says about where it may run. Rules: kubernetes {@code pkg/apis/core/validation/validation.go},
 * validateAffinity and validateTopologySpreadConstraints; of selectors of other pods the topology key alone.
 */
final class PlacementValidation {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final List<String> WHEN_UNSATISFIABLE = List.of("DoNotSchedule", "ScheduleAnyway");

    private PlacementValidation() {}

    static void validateNodeAffinity(JsonNode affinity, String path, Causes causes) {
        JsonNode required = affinity.get(REQUIRED);
        if (required != null) {
            String terms = path + "." + REQUIRED + ".nodeSelectorTerms";
            if (required.path("nodeSelectorTerms").isEmpty()) {
                causes.required(terms, "must have at least one node selector term");
            }
            int index = 0;
            for (JsonNode term : Trees.elements(required, "nodeSelectorTerms")) {
                validateTerm(term, "%s[%d]".formatted(terms, index), true, causes);
                index++;
            }
        }
        int index = 0;
        for (JsonNode preferred : Trees.elements(affinity, PREFERRED)) {
            String at = "%s.%s[%d]".formatted(path, PREFERRED, index);
            validateWeight(preferred, at, causes);
            validateTerm(preferred.path("preference"), at + ".preference", false, causes);
            index++;
        }
    }

    static void validatePodAffinity(JsonNode affinity, String path, Causes causes) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            int index = 0;
            for (JsonNode term : Trees.elements(affinity, kind, REQUIRED)) {
                validateTopologyKey(term, "%s.%s.%s[%d]".formatted(path, kind, REQUIRED, index), causes);
                index++;
            }
            index = 0;
            for (JsonNode weighted : Trees.elements(affinity, kind, PREFERRED)) {
                String at = "%s.%s.%s[%d]".formatted(path, kind, PREFERRED, index);
                validateWeight(weighted, at, causes);
                validateTopologyKey(weighted.path("podAffinityTerm"), at + ".podAffinityTerm", causes);
                index++;
            }
        }
    }

    static void validateSpread(JsonNode spec, String path, Causes causes) {
        int index = 0;
        for (JsonNode constraint : Trees.elements(spec, "topologySpreadConstraints")) {
            String at = "%s[%d]".formatted(path, index);
            long skew = constraint.path("maxSkew").asLong();
            if (skew <= 0) {
                causes.invalid(at + ".maxSkew", skew, "must be greater than zero");
            }
            if (Trees.text(constraint, "topologyKey") == null) {
                causes.required(at + ".topologyKey", "can not be empty");
            }
            String when = constraint.path("whenUnsatisfiable").asText();
            if (!WHEN_UNSATISFIABLE.contains(when)) {
                causes.notSupported(at + ".whenUnsatisfiable", when, WHEN_UNSATISFIABLE);
            }
            index++;
        }
    }

    private static void validateTopologyKey(JsonNode term, String path, Causes causes) {
        String key = term.path("topologyKey").asText();
        if (key.isEmpty()) {
            causes.required(path + ".topologyKey", "can not be empty");
        }
        Names.qualifiedName(key).forEach(why -> causes.invalid(path + ".topologyKey", key, why));
    }

    private static void validateWeight(JsonNode weighted, String path, Causes causes) {
        long weight = weighted.path("weight").asLong();
        if (weight < 1 || weight > 100) {
            causes.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }

    private static void validateTerm(JsonNode term, String path, boolean required, Causes causes) {
        int index = 0;
        for (JsonNode expression : Trees.elements(term, "matchExpressions")) {
            validateExpression(expression, "%s.matchExpressions[%d]".formatted(path, index), required, causes);
            index++;
        }
        index = 0;
        for (JsonNode field : Trees.elements(term, "matchFields")) {
            validateField(field, "%s.matchFields[%d]".formatted(path, index), causes);
            index++;
        }
    }

    private static void validateExpression(JsonNode expression, String path, boolean required, Causes causes) {
        String operator = expression.path("operator").asText();
        JsonNode values = expression.path("values");
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    causes.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    causes.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    causes.required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> causes.invalid(path + ".operator", operator, "not a valid selector operator");
        }
        String key = expression.path("key").asText();
        Names.qualifiedName(key).forEach(why -> causes.invalid(path + ".key", key, why));
        for (int i = 0; required && i < values.size(); i++) {
            String value = values.get(i).asText();
            String at = "%s.values[%d]".formatted(path, i);
            Names.labelValue(value).forEach(why -> causes.invalid(at, value, why));
        }
    }

    private static void validateField(JsonNode field, String path, Causes causes) {
        String operator = field.path("operator").asText();
        if (!operator.equals("In") && !operator.equals("NotIn")) {
            causes.invalid(path + ".operator", operator, "not a valid selector operator");
        } else if (field.path("values").size() != 1) {
            causes.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        String key = field.path("key").asText();
        if (!key.equals("metadata.name")) {
            causes.invalid(path + ".key", key, "not a valid field selector key");
            return;
        }
        for (int i = 0; i < field.path("values").size(); i++) {
            String value = field.path("values").get(i).asText();
            String at = "%s.values[%d]".formatted(path, i);
            Names.dnsSubdomain(value).forEach(why -> causes.invalid(at, value, why));
        }
    }
}
