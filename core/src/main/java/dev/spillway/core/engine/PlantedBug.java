package dev.spillway.core.engine;

/**
 * Faults that tests switch on, to prove that the invariants of the simulation and the demo's checks would catch them. Never
 * on in production: nothing but a test hook sets them.
 */
public enum PlantedBug {
    /** A pod is bound before its instance was acquired. */
    BIND_BEFORE_ACQUIRE,
    /** A lost answer is taken for a refusal (ARCHITECTURE.md, "Rules that hold everywhere"). */
    UNKNOWN_IS_REFUSAL,
    /** A unit takes one pod more than its cap. */
    CAP_OFF_BY_ONE,
    /** An empty list of instances is taken for the truth. */
    EMPTY_LIST_TRUSTED
}
