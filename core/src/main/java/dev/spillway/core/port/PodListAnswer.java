package dev.spillway.core.port;

import dev.spillway.core.model.Pod;
import java.util.List;

/** The outcome of a quorum list of the pods of one namespace. */
public sealed interface PodListAnswer {
    /** All of them, as of one instant after the request. */
    record Complete(List<Pod> pods) implements PodListAnswer {
        public Complete {
            pods = List.copyOf(pods);
        }
    }

    /** No list that can be trusted to be complete. */
    record Unknown(String why) implements PodListAnswer {}
}
