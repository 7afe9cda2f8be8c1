package dev.spillway.core.port;

import java.util.List;

/** The outcome of listing a cluster's instances in a region. */
public sealed interface ListAnswer {
    /** Every instance of the cluster, complete but for the lag of {@link Capabilities#settle()}; in ascending order of id. */
    record Complete(List<Instance> instances) implements ListAnswer {
        public Complete {
            instances = List.copyOf(instances);
        }
    }

    /** Failed, partial or doubtful: says nothing about any instance. */
    record Unknown(String why) implements ListAnswer {}

    /** The region answers, but asks for fewer requests: no list for now. Says nothing about any instance either. */
    record Throttled(String why) implements ListAnswer {}
}
