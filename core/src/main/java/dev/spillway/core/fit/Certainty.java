package dev.spillway.core.fit;

/** How sure it is that a pod will be on the node where it counts. */
public enum Certainty {
    /** It is bound there or being bound, what it needs is there. */
    SURE,
    /** A region is being asked; its answer comes soon. */
    ASKED,
    /** A region was asked and its answer was lost: nobody knows for how long. */
    DOUBTED
}
