package dev.spillway.core.cluster;

import dev.spillway.core.policy.LabelRequirement;
import java.util.List;

/** The outcome of reading the selector by which an owner counts its pods. */
public sealed interface SelectorAnswer {
    /** All of these must hold for a pod of the owner. */
    record Found(List<LabelRequirement> requirements) implements SelectorAnswer {
        public Found {
            requirements = List.copyOf(requirements);
        }
    }

    /** The owner is gone, is of a kind that the server does not serve, or may not be read: nothing is known to be in the way. */
    record None() implements SelectorAnswer {}

    /** No answer that can be trusted. */
    record Unknown(String why) implements SelectorAnswer {}
}
