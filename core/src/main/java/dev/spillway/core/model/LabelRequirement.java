package dev.spillway.core.model;

import java.util.List;

/** One label selector requirement over a pod's labels, with Kubernetes' meaning: NotIn holds where the key is absent. */
public record LabelRequirement(String key, Operator operator, List<String> values) {
    /** Comparison operators of label selectors. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    public LabelRequirement {
        values = List.copyOf(values);
    }

    /** Whether the labels satisfy it. */
    public boolean holds(Labels labels) {
        var actual = labels.get(key);
        return switch (operator) {
            case IN -> actual != null && values.contains(actual);
            case NOT_IN -> actual == null || !values.contains(actual);
            case EXISTS -> actual != null;
            case DOES_NOT_EXIST -> actual == null;
        };
    }
}
