package dev.spillway.core.fit;

/** How full the node should be that is chosen among those that take a pod. */
public enum Scoring {
    /** The emptiest: spreads pods. */
    LEAST_ALLOCATED,
    /** The fullest: packs pods, which keeps whole GPU nodes free. */
    MOST_ALLOCATED
}
