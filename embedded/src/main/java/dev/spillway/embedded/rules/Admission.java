package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;

/**
 * What a cluster does to new objects on top of what every cluster does, as a MutatingAdmissionPolicy of a real one would: asked once
 * for each object that is created, after defaults, before the checks. Called from the store's thread.
 */
@FunctionalInterface
public interface Admission {

    /** Changes a new object in place, or leaves it. */
    void admit(ResourceType type, ObjectNode object, TypeRules.Lookup lookup);

    /** Leaves everything as it is. */
    static Admission none() {
        return (type, object, lookup) -> {};
    }
}
