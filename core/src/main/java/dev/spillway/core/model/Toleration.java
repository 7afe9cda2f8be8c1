package dev.spillway.core.model;

/**
 * A toleration of a pod, with Kubernetes' meaning: an empty key with operator Exists tolerates everything, an empty
 * effect every effect.
 */
public record Toleration(String key, Operator operator, String value, String effect) {
    /** How the value is compared. */
    public enum Operator {
        EQUAL,
        EXISTS
    }

    /** Whether this toleration covers the taint. */
    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        if (key.isEmpty()) {
            return operator == Operator.EXISTS;
        }
        return key.equals(taint.key()) && (operator == Operator.EXISTS || value.equals(taint.value()));
    }
}
