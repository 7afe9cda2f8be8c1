package dev.spillway.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A label selector of Kubernetes: all requirements must hold. One without requirements selects everything; an absent selector
 * selects nothing, which is {@link #NOTHING}.
 */
public record LabelSelector(List<LabelRequirement> requirements) {
    /** Selects everything. */
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    /** Selects nothing. */
    public static final LabelSelector NOTHING =
            new LabelSelector(List.of(new LabelRequirement("", LabelRequirement.Operator.IN, List.of())));

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** That all requirements hold and then, of each pair, that the label has that value. */
    public static LabelSelector of(Labels pairs, List<LabelRequirement> requirements) {
        var all = new ArrayList<>(requirements);
        pairs.forEach((key, value) -> all.add(new LabelRequirement(key, LabelRequirement.Operator.IN, List.of(value))));
        return new LabelSelector(all);
    }

    /** Whether it has no requirement at all. */
    public boolean selectsEverything() {
        return requirements.isEmpty();
    }

    /** Whether the labels satisfy every requirement. */
    public boolean selects(Labels labels) {
        for (var requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    /** This selector with one more requirement. */
    public LabelSelector and(LabelRequirement requirement) {
        var all = new ArrayList<>(requirements);
        all.add(requirement);
        return new LabelSelector(all);
    }
}
