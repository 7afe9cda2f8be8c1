package dev.spillway.core.model;

/**
 * A condition that a pod asks for, beside its containers, before it counts as ready. Others write it.
 *
 * @param condition its type
 * @param status what the pod's status says of it now; empty where it says nothing
 */
public record ReadinessGate(String condition, String status) {
    /** Whether it lets the pod be ready. */
    public boolean isMet() {
        return status.equals("True");
    }
}
