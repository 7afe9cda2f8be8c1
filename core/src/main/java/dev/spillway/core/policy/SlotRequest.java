package dev.spillway.core.policy;

import dev.spillway.core.model.PodUid;

/**
 * A pod's request for a slot in a capped unit. Its answer names it, so that the answer to an earlier request of the same pod is not taken
 * for that to a later one.
 *
 * @param number rises with each request of one process
 */
public record SlotRequest(PodUid pod, long number) {}
