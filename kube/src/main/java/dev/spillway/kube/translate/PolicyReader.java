package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.policy.LabelRequirement;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.policy.Unit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ResourcePolicy object as a record (spec 1.2). The API server has checked its form by the CRD; where it has not, the
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
        var expressions = expressions(spec);
        if (!fields.problem().isEmpty()) {
            selector = Labels.empty();
            expressions = List.of(NEVER);
        }
        return new Policy(
                new PolicyKey(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                metadata.path("generation").asLong(),
                selector,
                expressions,
                strategy(spec),
                units(spec),
                fields.flag(spec, SPEC, "ignoreTerminatingPod", true),
                fields.problem());
    }

    private List<LabelRequirement> expressions(JsonNode spec) {
        var list = new ArrayList<LabelRequirement>();
        for (var expression : fields.list(spec, SPEC, "matchExpressions")) {
            var path = "spec.matchExpressions[%d]".formatted(list.size());
            list.add(new LabelRequirement(
                    fields.text(expression, path, "key", ""),
                    operator(expression, path),
                    fields.texts(expression, path, "values")));
        }
        return list;
    }

    private LabelRequirement.Operator operator(JsonNode expression, String path) {
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

    private @Nullable Integer numberOrNull(JsonNode unit, String path, String field, int least) {
        return Fields.isAbsent(unit.path(field))
                ? null
                : Integer.valueOf(fields.number(unit, path, field, 0, least, Integer.MAX_VALUE));
    }
}
