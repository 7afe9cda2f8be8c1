package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PodDisruptionBudgets. Rules: kubernetes {@code pkg/registry/policy/poddisruptionbudget/strategy.go} and {@code
 * pkg/apis/policy/validation}.
 */
final class DisruptionBudgetRules extends TypeRules {

    private static final List<String> UNHEALTHY = List.of("AlwaysAllow", "IfHealthyBudget");

    DisruptionBudgetRules() {
        super(ResourceType.DISRUPTION_BUDGETS);
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Trees.writable(object, "spec");
        ObjectNode status = Trees.writable(object, "status");
        for (String count : List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
            if (!status.has(count)) {
                status.put(count, 0);
            }
        }
    }

    @Override
    public void prepareNew(ObjectNode object) {
        super.prepareNew(object);
        applyDefaults(object);
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        JsonNode spec = object.path("spec");
        JsonNode least = spec.get("minAvailable");
        JsonNode most = spec.get("maxUnavailable");
        if (least != null && most != null) {
            causes.invalid("spec", goForm(spec), "minAvailable and maxUnavailable cannot be both set");
        }
        validateAmount(least, "spec.minAvailable", causes);
        validateAmount(most, "spec.maxUnavailable", causes);
        int index = 0;
        for (JsonNode expression : Trees.elements(spec, "selector", "matchExpressions")) {
            String operator = expression.path("operator").asText();
            if (List.of("In", "NotIn").contains(operator)
                    && expression.path("values").isEmpty()) {
                causes.required(
                        "spec.selector.matchExpressions[%d].values".formatted(index),
                        "must be specified when `operator` is 'In' or 'NotIn'");
            }
            index++;
        }
        String unhealthy = Trees.text(spec, "unhealthyPodEvictionPolicy");
        if (unhealthy != null && !UNHEALTHY.contains(unhealthy)) {
            causes.notSupported("spec.unhealthyPodEvictionPolicy", unhealthy, UNHEALTHY);
        }
    }

    /** As Go writes the struct that it has of a spec. */
    private static JsonNode goForm(JsonNode spec) {
        ObjectNode form = Trees.object();
        form.set("MinAvailable", spec.get("minAvailable"));
        form.set("Selector", spec.get("selector"));
        form.set("MaxUnavailable", spec.get("maxUnavailable"));
        form.set("UnhealthyPodEvictionPolicy", spec.get("unhealthyPodEvictionPolicy"));
        return form;
    }

    private static void validateAmount(@Nullable JsonNode amount, String path, Causes causes) {
        if (amount == null) {
            return;
        }
        if (amount.isNumber()) {
            if (amount.asLong() < 0) {
                causes.invalid(path, amount, "must be greater than or equal to 0");
            }
            return;
        }
        String text = amount.asText();
        if (!text.matches("[0-9]+%")) {
            causes.invalid(
                    path,
                    amount,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                            + " regex used for validation is '[0-9]+%')");
        } else if (text.length() > 4 || Integer.parseInt(text.substring(0, text.length() - 1)) > 100) {
            causes.invalid(path, amount, "must not be greater than 100%");
        }
    }
}
