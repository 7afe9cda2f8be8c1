package dev.spillway.core.profile;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.LabelSyntax;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.OwnKeys;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is certainly wrong with a profile that could be read. Checked before it is used: the API server stores a Binding's metadata
 * unchecked, and a bad label there breaks every later write to that pod.
 */
public final class ProfileCheck {
    private ProfileCheck() {}

    /** The first thing that is wrong, as one line that names the field; empty where the profile can be used. */
    public static String problem(Profile profile) {
        var names = new TreeSet<String>();
        for (int i = 0; i < profile.selectors().size(); i++) {
            var selector = profile.selectors().get(i);
            var where = "selectors[" + i + "]";
            if (selector.name().isEmpty()) {
                return where + ".name is missing: give each selector a name.";
            }
            if (!names.add(selector.name())) {
                return "%s.name is '%s', as an earlier one's is: give each selector a name of its own."
                        .formatted(where, selector.name());
            }
            var problem = problem(selector, where);
            if (!problem.isEmpty()) {
                return problem;
            }
        }
        return "";
    }

    private static String problem(Selector selector, String where) {
        var problems = List.of(
                ofRequirements(selector.namespaces(), where + ".namespaceSelector"),
                ofRequirements(selector.objects(), where + ".objectSelector"),
                ofPairs(selector.effect().labels(), where + ".effect.labels", true),
                ofPairs(selector.effect().annotations(), where + ".effect.annotations", false));
        return problems.stream()
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The same rules as the API server's for a label selector: In and NotIn need values, Exists and DoesNotExist take none. */
    private static String ofRequirements(@Nullable LabelSelector selector, String where) {
        if (selector == null) {
            return "";
        }
        for (int i = 0; i < selector.requirements().size(); i++) {
            var requirement = selector.requirements().get(i);
            boolean takesValues = requirement.operator() == LabelRequirement.Operator.IN
                    || requirement.operator() == LabelRequirement.Operator.NOT_IN;
            if (requirement.key().isEmpty()) {
                return "%s.matchExpressions[%d].key is missing: name a label.".formatted(where, i);
            }
            if (takesValues == requirement.values().isEmpty()) {
                return "%s.matchExpressions[%d].values: give %s."
                        .formatted(where, i, takesValues ? "at least one" : "none with this operator");
            }
        }
        return "";
    }

    private static String ofPairs(Labels pairs, String where, boolean areLabels) {
        for (var pair : pairs.toMap().entrySet()) {
            if (!LabelSyntax.isKey(pair.getKey())) {
                return "%s has the key '%s', which is not a key.".formatted(where, pair.getKey());
            }
            var whose = areLabels ? OwnKeys.label(pair.getKey()) : OwnKeys.annotation(pair.getKey());
            if (whose != null) {
                return "%s has the key '%s': %s.".formatted(where, pair.getKey(), whose);
            }
            if (areLabels && !LabelSyntax.isValue(pair.getValue())) {
                return "%s['%s'] is '%s', which is not a label value.".formatted(where, pair.getKey(), pair.getValue());
            }
        }
        return "";
    }
}
