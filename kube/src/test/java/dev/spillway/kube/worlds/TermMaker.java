package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Makes what a pod says about nodes and other pods. */
final class TermMaker {
    private final Dice dice;

    TermMaker(Dice dice) {
        this.dice = dice;
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    ArrayNode tolerations(boolean unschedulable, boolean taints) {
        var tolerations = array();
        if (unschedulable && dice.percent(50)) {
            var toleration = Tree.of("key", "node.kubernetes.io/unschedulable");
            if (dice.percent(70)) {
                toleration.put("operator", "Exists");
            }
            tolerations.add(withEffect(toleration));
        }
        if (taints) {
            int count = dice.between(0, 3);
            for (int i = 0; i < count; i++) {
                tolerations.add(toleration());
            }
        }
        return tolerations;
    }

    /** Of the taint that the nodes of regions have. */
    ObjectNode ofProvider() {
        var toleration = Tree.of("key", Vocabulary.PROVIDER);
        if (dice.percent(50)) {
            toleration.put("operator", "Exists");
        } else {
            toleration.put("value", "alibabacloud");
        }
        return toleration;
    }

    private ObjectNode toleration() {
        var toleration = Tree.of();
        if (dice.percent(12)) {
            toleration.put("operator", "Exists");
            return withEffect(toleration);
        }
        toleration.put("key", dice.pick("dedicated", "gpu"));
        if (dice.percent(40)) {
            toleration.put("operator", "Exists");
        } else {
            if (dice.percent(50)) {
                toleration.put("operator", "Equal");
            }
            if (dice.percent(85)) {
                toleration.put("value", dice.pick("a", "b"));
            }
        }
        return withEffect(toleration);
    }

    private ObjectNode withEffect(ObjectNode toleration) {
        if (dice.percent(50)) {
            var effect = dice.pick("NoSchedule", "NoSchedule", "NoExecute", "PreferNoSchedule");
            toleration.put("effect", effect);
            if (effect.equals("NoExecute") && dice.percent(30)) {
                toleration.put("tolerationSeconds", 30);
            }
        }
        return toleration;
    }

    ObjectNode nodeSelector() {
        var selector = Tree.of();
        if (dice.percent(60)) {
            selector.put("disk", dice.pick(Vocabulary.DISKS));
        }
        if (selector.isEmpty() || dice.percent(30)) {
            selector.put(Vocabulary.ZONE, dice.pick(Vocabulary.ZONES));
        }
        if (dice.percent(8)) {
            selector.put("edge", "");
        }
        return selector;
    }

    /** Required node affinity. */
    ObjectNode nodeAffinity(List<ObjectNode> nodes) {
        var terms = array();
        int count = dice.between(1, 3);
        for (int i = 0; i < count; i++) {
            terms.add(nodeTerm(nodes));
        }
        return Tree.of("requiredDuringSchedulingIgnoredDuringExecution", Tree.of("nodeSelectorTerms", terms));
    }

    private ObjectNode nodeTerm(List<ObjectNode> nodes) {
        var term = Tree.of();
        if (dice.percent(10)) {
            return term;
        }
        if (dice.percent(25)) {
            term.set(
                    "matchFields",
                    Tree.array(Tree.of(
                            "key",
                            "metadata.name",
                            "operator",
                            dice.pick("In", "NotIn"),
                            "values",
                            List.of(Surroundings.name(dice.pick(nodes))))));
        }
        if (term.isEmpty() || dice.percent(75)) {
            var expressions = array();
            int count = dice.between(1, 2);
            for (int i = 0; i < count; i++) {
                expressions.add(nodeExpression());
            }
            term.set("matchExpressions", expressions);
        }
        return term;
    }

    private ObjectNode nodeExpression() {
        return switch (dice.between(0, 7)) {
            case 0, 1 ->
                expression(Vocabulary.ZONE, dice.pick("In", "NotIn"), dice.some(dice.between(1, 2), Vocabulary.ZONES));
            case 2 -> expression("disk", dice.pick("In", "NotIn"), dice.some(1, Vocabulary.DISKS));
            case 3 -> expression(dice.pick("disk", "edge", "generation", Vocabulary.REGION), "Exists", List.of());
            case 4 -> expression(dice.pick("disk", "edge", "generation", Vocabulary.REGION), "DoesNotExist", List.of());
            case 5, 6 -> expression("generation", dice.pick("Gt", "Lt"), List.of(dice.pick("1", "2", "9")));
            default -> expression("edge", dice.pick("In", "NotIn"), List.of(""));
        };
    }

    private static ObjectNode expression(String key, String operator, List<String> values) {
        var expression = Tree.of("key", key, "operator", operator);
        if (!values.isEmpty()) {
            expression.set("values", Tree.of("v", values).get("v"));
        }
        return expression;
    }

    ArrayNode spread() {
        var constraints = array();
        for (var key : dice.some(dice.percent(70) ? 1 : 2, Vocabulary.TOPOLOGY_KEYS)) {
            var constraint = Tree.of("topologyKey", key, "maxSkew", dice.pick(1, 1, 1, 2));
            boolean hard = dice.percent(90);
            constraint.put("whenUnsatisfiable", hard ? "DoNotSchedule" : "ScheduleAnyway");
            if (hard && dice.percent(40)) {
                constraint.put("minDomains", dice.between(2, 4));
            }
            if (dice.percent(50)) {
                constraint.put("nodeAffinityPolicy", dice.pick("Honor", "Ignore"));
            }
            if (dice.percent(60)) {
                constraint.put("nodeTaintsPolicy", dice.pick("Honor", "Ignore"));
            }
            if (dice.percent(25)) {
                constraint.set("matchLabelKeys", Tree.array("version"));
                constraint.set("labelSelector", selector(List.of("app", "tier")));
            } else if (dice.percent(60)) {
                // Most pods are of this app: domains without any would hide what else decides.
                constraint.set("labelSelector", Tree.of("matchLabels", Tree.of("app", "web")));
            } else if (dice.percent(90)) {
                constraint.set("labelSelector", selectorOrEmpty());
            }
            constraints.add(constraint);
        }
        return constraints;
    }

    /** Required pod affinity or anti-affinity. */
    ObjectNode interPodAffinity(int mostTerms) {
        var terms = array();
        int count = dice.between(1, mostTerms);
        for (int i = 0; i < count; i++) {
            terms.add(podTerm());
        }
        return Tree.of("requiredDuringSchedulingIgnoredDuringExecution", terms);
    }

    private ObjectNode podTerm() {
        var term = Tree.of("topologyKey", dice.pick(Vocabulary.TOPOLOGY_KEYS));
        if (dice.percent(25)) {
            term.set(
                    "namespaces",
                    Tree.of("v", dice.some(dice.between(1, 2), Vocabulary.NAMESPACES))
                            .get("v"));
        }
        if (dice.percent(25)) {
            term.set("namespaceSelector", namespaceSelector());
        }
        boolean match = dice.percent(20);
        boolean mismatch = dice.percent(25);
        if (match) {
            term.set("matchLabelKeys", Tree.array("version"));
        }
        if (mismatch) {
            term.set("mismatchLabelKeys", Tree.array("tier"));
        }
        if (match || mismatch) {
            term.set("labelSelector", selector(List.of("app")));
        } else if (dice.percent(95)) {
            term.set("labelSelector", selectorOrEmpty());
        }
        return term;
    }

    private ObjectNode namespaceSelector() {
        return switch (dice.between(0, 3)) {
            case 0 -> Tree.of();
            case 1 -> Tree.of("matchExpressions", Tree.array(expression("team", "Exists", List.of())));
            case 2 -> Tree.of("matchLabels", Tree.of("kubernetes.io/metadata.name", dice.pick(Vocabulary.NAMESPACES)));
            default -> Tree.of("matchLabels", Tree.of("env", dice.pick("prod", "test")));
        };
    }

    private ObjectNode selectorOrEmpty() {
        return dice.percent(6) ? Tree.of() : selector(List.of("app", "app", "tier", "version"));
    }

    private ObjectNode selector(List<String> keys) {
        var selector = Tree.of();
        boolean both = dice.percent(15);
        if (both || dice.percent(60)) {
            var key = dice.pick(keys);
            selector.set("matchLabels", Tree.of(key, dice.pick(valuesOf(key))));
        }
        if (both || selector.isEmpty()) {
            selector.set("matchExpressions", Tree.array(podExpression(dice.pick(keys))));
        }
        return selector;
    }

    private ObjectNode podExpression(String key) {
        return switch (dice.between(0, 3)) {
            case 0 -> expression(key, "In", dice.some(dice.between(1, 2), valuesOf(key)));
            case 1 -> expression(key, "NotIn", dice.some(1, valuesOf(key)));
            case 2 -> expression(key, "Exists", List.of());
            default -> expression(key, "DoesNotExist", List.of());
        };
    }

    private static List<String> valuesOf(String key) {
        return switch (key) {
            case "app" -> Vocabulary.APPS;
            case "tier" -> Vocabulary.TIERS;
            default -> Vocabulary.VERSIONS;
        };
    }

    ObjectNode podLabels() {
        var labels = Tree.of();
        if (dice.percent(90)) {
            labels.put("app", dice.percent(75) ? "web" : "db");
        }
        if (dice.percent(60)) {
            labels.put("tier", dice.pick(Vocabulary.TIERS));
        }
        if (dice.percent(60)) {
            labels.put("version", dice.pick(Vocabulary.VERSIONS));
        }
        return labels;
    }
}
