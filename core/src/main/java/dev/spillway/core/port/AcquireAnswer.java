package dev.spillway.core.port;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;

/** The outcome of asking a region for an instance (R22.3, R22.4). */
public sealed interface AcquireAnswer {
    /** The instance exists and is held for the pod, now or from an earlier call with the same token. */
    record Accepted(Instance instance) implements AcquireAnswer {}

    /** The token belongs to an instance that has been terminated; ask again with the next incarnation. */
    record Spent(InstanceId instance) implements AcquireAnswer {}

    /** A definite no; nothing was created. */
    record Refused(Refusal refusal) implements AcquireAnswer {}

    /**
     * Timeout, cut connection, 5xx: it may have been created. Never treated as a refusal.
     *
     * @param why for people: everybody who waits for the region is told, whatever the namespace, so it must not say anything of a single pod
     */
    record Unknown(String why) implements AcquireAnswer {}
}
