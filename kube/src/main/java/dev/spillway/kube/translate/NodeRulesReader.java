package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.NodeRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a pod demands of real nodes. What is not understood is noted by name, never left out: a pod that demands it is placed on
 * no real node. Few pods have such demands, so they are read as trees.
 */
final class NodeRulesReader {
    private final List<NodeRules.HostPort> hostPorts = new ArrayList<>();
    private final List<JsonNode> near = new ArrayList<>();
    private final List<JsonNode> far = new ArrayList<>();
    private final List<JsonNode> preferredNear = new ArrayList<>();
    private final List<JsonNode> preferredFar = new ArrayList<>();
    private final List<NodeRules.PreferredNodes> preferredNodes = new ArrayList<>();
    private final List<JsonNode> spread = new ArrayList<>();
    private final List<NodeRules.Claim> claims = new ArrayList<>();
    private final TreeSet<String> unsupported = new TreeSet<>();
    private boolean preempts = true;

    /** Notes a demand that nobody evaluates. */
    void unsupported(String name) {
        unsupported.add(name);
    }

    void claim(String name, boolean ephemeral) {
        claims.add(new NodeRules.Claim(name.intern(), ephemeral));
    }

    void preemptionPolicy(String policy) {
        preempts = !policy.equals("Never");
    }

    /** The field {@code ports} of a container that runs along with the pod. */
    void ports(JsonNode ports) {
        for (var port : ports) {
            int number = port.path("hostPort").asInt();
            if (number > 0) {
                hostPorts.add(new NodeRules.HostPort(
                        orElse(port.path("hostIP").asText(), NodeRules.HostPort.ANY),
                        orElse(port.path("protocol").asText(), "TCP"),
                        number));
            }
        }
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text.intern();
    }

    /** The preferred terms of {@code nodeAffinity}. */
    void preferredNodes(JsonNode terms) {
        for (var preferred : terms) {
            var term = nodeTerm(preferred.path("preference"), this);
            if (!term.isEmpty()) { // an empty preference is a no-op (core/v1)
                preferredNodes.add(
                        new NodeRules.PreferredNodes(preferred.path("weight").asInt(), term));
            }
        }
    }

    /** {@code podAffinity}. */
    void podAffinity(JsonNode affinity) {
        affinity.path("requiredDuringSchedulingIgnoredDuringExecution").forEach(near::add);
        affinity.path("preferredDuringSchedulingIgnoredDuringExecution").forEach(preferredNear::add);
    }

    /** {@code podAntiAffinity}. */
    void podAntiAffinity(JsonNode affinity) {
        affinity.path("requiredDuringSchedulingIgnoredDuringExecution").forEach(far::add);
        affinity.path("preferredDuringSchedulingIgnoredDuringExecution").forEach(preferredFar::add);
    }

    /** {@code topologySpreadConstraints}. */
    void spread(JsonNode constraints) {
        constraints.forEach(spread::add);
    }

    /** What was collected, for a pod of this namespace with these labels. */
    NodeRules build(String namespace, Labels labels) {
        var preferred = new ArrayList<NodeRules.WeightedTerm>();
        preferredNear.forEach(term -> preferred.add(weighted(term, 1, namespace, labels)));
        preferredFar.forEach(term -> preferred.add(weighted(term, -1, namespace, labels)));
        var company = new NodeRules.InterPodAffinity(
                near.stream().map(term -> podTerm(term, namespace, labels)).toList(),
                far.stream().map(term -> podTerm(term, namespace, labels)).toList(),
                preferred);
        var constraints =
                spread.stream().map(constraint -> spread(constraint, labels)).toList();
        var rules = new NodeRules(hostPorts, company, preferredNodes, constraints, claims, preempts, unsupported);
        return rules.equals(NodeRules.NONE) ? NodeRules.NONE : rules;
    }

    private NodeRules.WeightedTerm weighted(JsonNode term, int sign, String namespace, Labels labels) {
        return new NodeRules.WeightedTerm(
                sign * term.path("weight").asInt(), podTerm(term.path("podAffinityTerm"), namespace, labels));
    }

    private NodeRules.PodTerm podTerm(JsonNode term, String namespace, Labels labels) {
        var namespaces = new TreeSet<String>();
        term.path("namespaces").forEach(name -> namespaces.add(name.asText().intern()));
        boolean selects = !Fields.isAbsent(term.path("namespaceSelector"));
        if (namespaces.isEmpty() && !selects) {
            namespaces.add(namespace);
        }
        var selector = Requirements.selector(term.path("labelSelector"), this::unsupported);
        selector = merged(selector, term.path("matchLabelKeys"), LabelRequirement.Operator.IN, labels);
        selector = merged(selector, term.path("mismatchLabelKeys"), LabelRequirement.Operator.NOT_IN, labels);
        return new NodeRules.PodTerm(
                term.path("topologyKey").asText().intern(),
                selector,
                namespaces,
                Requirements.selector(term.path("namespaceSelector"), this::unsupported));
    }

    private NodeRules.Spread spread(JsonNode constraint, Labels labels) {
        var when = constraint.path("whenUnsatisfiable").asText("DoNotSchedule");
        if (!when.equals("DoNotSchedule") && !when.equals("ScheduleAnyway")) {
            unsupported("topologySpreadConstraints.whenUnsatisfiable " + when);
        }
        return new NodeRules.Spread(
                when.equals("DoNotSchedule"),
                constraint.path("topologyKey").asText().intern(),
                constraint.path("maxSkew").asInt(1),
                constraint.path("minDomains").asInt(1),
                merged(
                        Requirements.selector(constraint.path("labelSelector"), this::unsupported),
                        constraint.path("matchLabelKeys"),
                        LabelRequirement.Operator.IN,
                        labels),
                honors(constraint.path("nodeAffinityPolicy"), "Honor"),
                honors(constraint.path("nodeTaintsPolicy"), "Ignore"));
    }

    private boolean honors(JsonNode policy, String otherwise) {
        var text = policy.asText(otherwise);
        if (!text.equals("Honor") && !text.equals("Ignore")) {
            unsupported("topologySpreadConstraints policy " + text);
        }
        return text.equals("Honor");
    }

    /**
     * Adds the pod's own value for each key. The API server has done so already where it is new enough; then the value of that time
     * holds, whatever the pod's label is today.
     */
    private static LabelSelector merged(
            LabelSelector selector, JsonNode keys, LabelRequirement.Operator operator, Labels labels) {
        var merged = selector;
        for (var key : keys) {
            var value = labels.get(key.asText());
            boolean isThere = selector.requirements().stream()
                    .anyMatch(requirement -> requirement.key().equals(key.asText())
                            && requirement.operator() == operator
                            && requirement.values().size() == 1);
            if (value != null && !isThere) {
                merged = merged.and(new LabelRequirement(key.asText().intern(), operator, List.of(value)));
            }
        }
        return merged;
    }

    /** A node selector term. */
    static List<NodeRequirement> nodeTerm(JsonNode term, @Nullable NodeRulesReader notes) {
        var requirements = new ArrayList<NodeRequirement>();
        for (var expression : term.path("matchExpressions")) {
            requirements.add(nodeRequirement(expression, false, notes));
        }
        for (var expression : term.path("matchFields")) {
            requirements.add(nodeRequirement(expression, true, notes));
        }
        return requirements;
    }

    private static NodeRequirement nodeRequirement(
            JsonNode expression, boolean onField, @Nullable NodeRulesReader notes) {
        var text = expression.path("operator").asText();
        var operator = nodeOperator(text);
        var key = expression.path("key").asText().intern();
        if (operator == null) {
            if (notes != null) {
                notes.unsupported("node affinity operator " + text);
            }
            return new NodeRequirement(onField, key, NodeRequirement.Operator.IN, List.of());
        }
        return new NodeRequirement(onField, key, operator, Requirements.texts(expression.path("values")));
    }

    static NodeRequirement.@Nullable Operator nodeOperator(String text) {
        return switch (text) {
            case "In" -> NodeRequirement.Operator.IN;
            case "NotIn" -> NodeRequirement.Operator.NOT_IN;
            case "Exists" -> NodeRequirement.Operator.EXISTS;
            case "DoesNotExist" -> NodeRequirement.Operator.DOES_NOT_EXIST;
            case "Gt" -> NodeRequirement.Operator.GT;
            case "Lt" -> NodeRequirement.Operator.LT;
            default -> null;
        };
    }
}
