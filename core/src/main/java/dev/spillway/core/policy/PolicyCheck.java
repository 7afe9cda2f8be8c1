package dev.spillway.core.policy;

import dev.spillway.core.model.LabelSyntax;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.OwnKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is certainly wrong with a policy. The API server's rules refuse most of it at the door; this repeats them for
 * objects that were stored before the rules, and adds what those rules cannot see.
 */
public final class PolicyCheck {
    /** Most units of a policy: the deletion cost has room for so many (R8.1). */
    public static final int MOST_UNITS = 20;

    private PolicyCheck() {}

    /** The first thing that is wrong, as one line that names the field; empty where the policy can be used. */
    public static String problem(Policy policy) {
        if (!policy.problem().isEmpty()) {
            return policy.problem();
        }
        var units = policy.units();
        if (units.isEmpty()) {
            return "spec.units is empty: name at least one unit.";
        }
        if (units.size() > MOST_UNITS) {
            return "spec.units has %d entries: at most %d are served.".formatted(units.size(), MOST_UNITS);
        }
        var selecting = ofSelector(policy);
        if (!selecting.isEmpty()) {
            return selecting;
        }
        for (var key : policy.counting().matchLabelKeys()) {
            if (!LabelSyntax.isKey(key)) {
                return "spec.matchLabelKeys has '%s', which is not a label key: write [prefix/]name.".formatted(key);
            }
        }
        if (policy.leaving().timeout().isNegative()) {
            return "spec.whenTryNextUnits.timeout is below zero: write a duration such as 90s or 1h30m.";
        }
        for (int i = 0; i < units.size(); i++) {
            var problems = problems(units.get(i), "spec.units[" + i + "]");
            if (!problems.isEmpty()) {
                return problems.getFirst();
            }
        }
        return "";
    }

    /**
     * Kubernetes' rule for the names of resources that a container may request (ValidateResourceRequirements); a cap on any other would
     * never be reached. A ResourceQuota's {@code requests.nvidia.com/gpu} is none.
     */
    private static boolean isRequestable(String name) {
        return (name.indexOf('/') > 0 && LabelSyntax.isKey(name) && !name.startsWith("requests."))
                || name.equals("cpu")
                || name.equals("memory")
                || name.equals("ephemeral-storage")
                || name.startsWith("hugepages-");
    }

    /** A selector with a text that no label can be would never select anything. */
    private static String ofSelector(Policy policy) {
        var problems = new ArrayList<String>();
        ofLabels(policy.selector(), "spec.selector", problems);
        for (int i = 0; i < policy.matchExpressions().size(); i++) {
            var requirement = policy.matchExpressions().get(i);
            var where = "spec.matchExpressions[" + i + "]";
            if (!LabelSyntax.isKey(requirement.key())) {
                problems.add("%s.key is '%s', which is not a label key.".formatted(where, requirement.key()));
            }
            for (var value : requirement.values()) {
                if (!LabelSyntax.isValue(value)) {
                    problems.add("%s.values has '%s', which is not a label value.".formatted(where, value));
                }
            }
        }
        return problems.isEmpty() ? "" : problems.getFirst();
    }

    private static void ofLabels(Labels labels, String where, List<String> problems) {
        labels.forEach((key, value) -> {
            if (!LabelSyntax.isKey(key)) {
                problems.add("%s has the key '%s', which is not a label key.".formatted(where, key));
            } else if (!LabelSyntax.isValue(value)) {
                problems.add("%s['%s'] is '%s', which is not a label value.".formatted(where, key, value));
            }
        });
    }

    private static void ofOwner(@Nullable String whose, String key, String where, List<String> problems) {
        if (whose != null) {
            problems.add("%s has the key '%s': %s.".formatted(where, key, whose));
        }
    }

    private static List<String> problems(Unit unit, String where) {
        var problems = new ArrayList<String>();
        var max = unit.max();
        if (max != null && max < 0) {
            problems.add("%s.max is %d: it must not be negative.".formatted(where, max));
        }
        for (var name : unit.maxResources().names()) {
            if (!isRequestable(name)) {
                problems.add(
                        "%s.maxResources names '%s', which no pod can request: write cpu, memory, ephemeral-storage, or a name with a domain, such as nvidia.com/gpu."
                                .formatted(where, name));
            }
        }
        ofLabels(unit.nodeSelector(), where + ".nodeSelector", problems);
        ofLabels(unit.podLabels(), where + ".podLabels", problems);
        unit.podLabels().forEach((key, value) -> ofOwner(OwnKeys.label(key), key, where + ".podLabels", problems));
        unit.podAnnotations().forEach((key, value) -> {
            if (!LabelSyntax.isKey(key)) {
                problems.add(
                        "%s.podAnnotations has the key '%s', which is not an annotation key.".formatted(where, key));
            }
            ofOwner(OwnKeys.annotation(key), key, where + ".podAnnotations", problems);
        });
        var selected = unit.nodeSelector().get(Names.REGION);
        var labelled = unit.podLabels().get(Names.REGION_ID);
        if (selected != null && labelled != null && !selected.equals(labelled)) {
            problems.add("%s names region '%s' in nodeSelector and '%s' in podLabels: they must agree."
                    .formatted(where, selected, labelled));
        }
        return problems;
    }
}
