package dev.spillway.core.profile;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.policy.LabelRequirement;
import java.util.List;

/** A label selector as Kubernetes' metav1.LabelSelector: all pairs and all expressions must hold; an empty one holds for everything. */
public record LabelSelector(Labels matchLabels, List<LabelRequirement> matchExpressions) {
    public LabelSelector {
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** Whether the labels satisfy it. */
    public boolean holds(Labels labels) {
        return labels.containsAll(matchLabels) && matchExpressions.stream().allMatch(one -> one.holds(labels));
    }
}
