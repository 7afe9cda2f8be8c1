package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ResourcePolicy object as a record (docs/resource-policy.md). The API server has checked its form by the CRD; where it has not, the
 * policy's problem says what is wrong. A policy whose selector cannot be read selects no pod: it would otherwise hold back
 * every pod of its namespace.
 */
final class PolicyReader {
    private static final String SPEC = "spec";
    private static final LabelRequirement NEVER = new LabelRequirement("", LabelRequirement.Operator.IN, List.of());

    private final Fields fields = new Fields();

    private PolicyReader() {}

    static Policy read(JsonNode object) {
        return new PolicyReader().policy(object);
    }

    private Policy policy(JsonNode object) {
        var metadata = object.path("metadata");
        var spec = object.path(SPEC);
        if (!spec.isObject()) {
            fields.wrong(SPEC, spec, "give the policy a spec with units");
        }
        var selector = fields.pairs(spec, SPEC, "selector");
        var expressions = Requirements.read(fields, spec, SPEC);
        if (!fields.problem().isEmpty()) {
            selector = Labels.empty();
            expressions = List.of(NEVER);
        }
        return new Policy(
                new PolicyKey(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                metadata.path("uid").asText(),
                metadata.path("generation").asLong(),
                Timestamps.epochSeconds(metadata.path("creationTimestamp").asText()),
                selector,
                expressions,
                strategy(spec),
                units(spec),
                counting(spec),
                leaving(spec),
                preemption(spec),
                fields.problem());
    }

    private Policy.Strategy strategy(JsonNode spec) {
        return switch (fields.text(spec, SPEC, "strategy", "prefer")) {
            case "prefer" -> Policy.Strategy.PREFER;
            case "required" -> Policy.Strategy.REQUIRED;
            default -> {
                fields.wrong("spec.strategy", spec.path("strategy"), "write prefer or required");
                yield Policy.Strategy.REQUIRED;
            }
        };
    }

    private CountRule counting(JsonNode spec) {
        return new CountRule(
                fields.flag(spec, SPEC, "ignorePreviousPod", false),
                fields.flag(spec, SPEC, "ignoreTerminatingPod", true),
                fields.texts(spec, SPEC, "matchLabelKeys"));
    }

    private Policy.Preemption preemption(JsonNode spec) {
        return switch (fields.text(spec, SPEC, "preemptPolicy", "AfterAllUnits")) {
            case "AfterAllUnits" -> Policy.Preemption.AFTER_ALL_UNITS;
            case "BeforeNextUnit" -> Policy.Preemption.BEFORE_NEXT_UNIT;
            default -> {
                fields.wrong("spec.preemptPolicy", spec.path("preemptPolicy"), "write AfterAllUnits or BeforeNextUnit");
                yield Policy.Preemption.AFTER_ALL_UNITS;
            }
        };
    }

    private WhenTryNextUnits leaving(JsonNode spec) {
        var path = "spec.whenTryNextUnits";
        var object = fields.object(spec, SPEC, "whenTryNextUnits");
        var rule = switch (fields.text(object, path, "policy", "LackResourceOrExceedMax")) {
            case "LackResourceOrExceedMax" -> WhenTryNextUnits.Rule.LACK_RESOURCE_OR_EXCEED_MAX;
            case "ExceedMax" -> WhenTryNextUnits.Rule.EXCEED_MAX;
            case "TimeoutOrExceedMax" -> WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX;
            case "Timeout" -> WhenTryNextUnits.Rule.TIMEOUT;
            // Two spellings are in use: the documents' and the published types'.
            case "LackResourceAndNoTerminating", "LackResourceAndNoterminating" ->
                WhenTryNextUnits.Rule.LACK_RESOURCE_AND_NO_TERMINATING;
            default -> {
                fields.wrong(
                        path + ".policy",
                        object.path("policy"),
                        "write ExceedMax, Timeout, TimeoutOrExceedMax, LackResourceOrExceedMax or"
                                + " LackResourceAndNoTerminating");
                yield WhenTryNextUnits.Rule.LACK_RESOURCE_OR_EXCEED_MAX;
            }
        };
        var text = fields.text(object, path, "timeout", "");
        var timeout = text.isEmpty() ? WhenTryNextUnits.DEFAULT_TIMEOUT : GoDuration.parse(text);
        if (timeout == null) {
            fields.wrong(
                    path + ".timeout",
                    object.path("timeout"),
                    "write a duration of at least zero, such as 90s or 1h30m");
        }
        return new WhenTryNextUnits(rule, timeout == null ? WhenTryNextUnits.DEFAULT_TIMEOUT : timeout);
    }

    private List<Unit> units(JsonNode spec) {
        var units = new ArrayList<Unit>();
        for (var unit : fields.list(spec, SPEC, "units")) {
            var path = "spec.units[%d]".formatted(units.size());
            units.add(new Unit(
                    resource(unit, path),
                    fields.pairs(unit, path, "nodeSelector"),
                    fields.pairs(unit, path, "podLabels"),
                    fields.pairs(unit, path, "podAnnotations"),
                    numberOrNull(unit, path, "max", 0),
                    quantities(unit, path),
                    fields.flag(unit, path, "spotInstance", false),
                    numberOrNull(unit, path, "scaleInWeight", Integer.MIN_VALUE)));
        }
        return units;
    }

    private Unit.Resource resource(JsonNode unit, String path) {
        var text = fields.text(unit, path, "resource", "");
        for (var resource : Unit.Resource.values()) {
            if (resource.text().equals(text)) {
                return resource;
            }
        }
        fields.wrong(path + ".resource", unit.path("resource"), "write acs, eci, ecs, idc or elastic");
        return Unit.Resource.ACS;
    }

    private ResourceList quantities(JsonNode unit, String path) {
        var amounts = new TreeMap<String, Long>();
        for (var entry : fields.object(unit, path, "maxResources").properties()) {
            var name = entry.getKey();
            var text = entry.getValue().asText();
            try {
                if (text.startsWith("-")) {
                    throw new IllegalArgumentException("A cap below zero.");
                }
                amounts.put(name.intern(), Quantity.cap(name, text));
            } catch (IllegalArgumentException e) {
                fields.wrong(
                        "%s.maxResources[%s]".formatted(path, name),
                        entry.getValue(),
                        "write a quantity, such as 500m, 2 or 1Gi");
            }
        }
        return ResourceList.of(amounts);
    }

    private @Nullable Integer numberOrNull(JsonNode unit, String path, String field, int least) {
        return Fields.isAbsent(unit.path(field))
                ? null
                : Integer.valueOf(fields.number(unit, path, field, 0, least, Integer.MAX_VALUE));
    }
}
