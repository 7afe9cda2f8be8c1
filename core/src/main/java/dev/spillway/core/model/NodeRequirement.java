package dev.spillway.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One expression of a required node affinity term, over a label of the node or, with {@code onField}, over the node's
 * name (the only field Kubernetes has there). Meaning as in Kubernetes: NotIn and DoesNotExist hold where the label is
 * absent; Gt and Lt compare integers and fail on anything else.
 */
public record NodeRequirement(boolean onField, String key, Operator operator, List<String> values) {
    /** Comparison operators of node affinity. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GT,
        LT
    }

    public NodeRequirement {
        values = List.copyOf(values);
    }

    /** Whether a node of this name and these labels satisfies the expression. */
    public boolean holds(NodeName name, Labels labels) {
        var actual = onField ? name.value() : labels.get(key);
        return switch (operator) {
            case IN -> actual != null && values.contains(actual);
            case NOT_IN -> actual == null || !values.contains(actual);
            case EXISTS -> actual != null;
            case DOES_NOT_EXIST -> actual == null;
            case GT -> compares(actual, 1);
            case LT -> compares(actual, -1);
        };
    }

    private boolean compares(@Nullable String actual, int sign) {
        if (actual == null || values.size() != 1) {
            return false;
        }
        try {
            return Long.signum(Long.compare(Long.parseLong(actual), Long.parseLong(values.get(0)))) == sign;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
