package dev.spillway.core.port;

import dev.spillway.core.model.LabelRequirement;
import java.util.List;

/** The outcome of reading the selector by which an owner counts its pods. */
public sealed interface SelectorAnswer {
    /** All of these must hold for a pod of the owner. */
    record Found(List<LabelRequirement> requirements) implements SelectorAnswer {
        public Found {
            requirements = List.copyOf(requirements);
        }
    }

    /** The owner has no selector, is gone, or is of a kind that the server does not serve: nothing is in the way. */
    record None() implements SelectorAnswer {}

    /**
     * The controller may not read owners of this kind in this namespace.
     *
     * @param right what it lacks, such as {@code get clonesets.apps.kruise.io}
     */
    record Forbidden(String right) implements SelectorAnswer {}

    /** The owner has a selector of a form that is not understood. */
    record Unclear(String what) implements SelectorAnswer {}

    /** No answer that can be trusted. */
    record Unknown(String why) implements SelectorAnswer {}
}
