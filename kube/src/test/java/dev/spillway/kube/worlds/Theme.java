package dev.spillway.kube.worlds;

/** What a world is about: a world has few themes, so that each of them has a chance to decide. */
enum Theme {
    UNSCHEDULABLE,
    TAINTS,
    NODE_SELECTOR,
    NODE_AFFINITY,
    ROOM,
    PORTS,
    SPREAD,
    NEAR,
    FAR,
    FAR_FROM_NEWCOMERS,
    VOLUMES,
    REGIONS
}
