package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Refusal;

/** What a pod of the home cluster is in the region. */
public sealed interface Mapped {
    /**
     * A pod.
     *
     * @param json to be created as it is; the receiver owns it
     */
    record Made(String namespace, String name, ObjectNode json) implements Mapped {
        /** Without the pod itself, whose variables may hold secrets. */
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /** It cannot be one. */
    record Unfit(Refusal refusal) implements Mapped {}
}
