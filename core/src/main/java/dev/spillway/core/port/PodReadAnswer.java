package dev.spillway.core.port;

import dev.spillway.core.model.Pod;

/** The outcome of a quorum read of one pod by name. */
public sealed interface PodReadAnswer {
    /** There is a pod of this name; look at its UID. */
    record Found(Pod pod) implements PodReadAnswer {}

    /** There is no pod of this name. */
    record Gone() implements PodReadAnswer {}

    /** No answer that can be trusted. */
    record Unknown(String why) implements PodReadAnswer {}
}
