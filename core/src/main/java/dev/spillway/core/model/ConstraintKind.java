package dev.spillway.core.model;

/** What kind of constraint keeps a pod from a node. */
public enum ConstraintKind {
    /** What the node is or has: missing, cordoned, tainted, full. */
    NODE,
    /** The pod's node selector and required node affinity. */
    SELECTOR,
    /** The pod's hard topology spread. */
    SPREAD,
    /** The pod's required affinity to other pods. */
    AFFINITY,
    /** Required anti-affinity, of the pod or of pods that are there. */
    ANTI_AFFINITY;

    /** Whether it is other pods that are in the way, or lacking. */
    public boolean isAboutPods() {
        return switch (this) {
            case NODE, SELECTOR -> false;
            case SPREAD, AFFINITY, ANTI_AFFINITY -> true;
        };
    }
}
