package dev.spillway.core.report;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;
import org.jspecify.annotations.Nullable;

/** Why a pod fails though its containers did not: these are all the ways. Whoever decides it makes one; {@link PodFailures} carries it out. */
public sealed interface PodFailure {
    /** The region no longer has the pod's instance. {@code last}: what was known of it, null where nothing was. */
    record InstanceLost(@Nullable Instance last) implements PodFailure {}

    /** The region of the pod's instance was declared lost. {@code last}: likewise. */
    record RegionLost(RegionId region, @Nullable Instance last) implements PodFailure {}

    /** Stock vanished after the pod was bound, and its fail strategy is {@code fail-fast} (E55, {@link FailStrategy}). {@code message}: the region's. */
    record StockVanished(String message) implements PodFailure {}

    /** The pod's instance was accepted and does not start, and the pod's fail strategy is {@code fail-fast}. */
    record NeverStarted(String message) implements PodFailure {}

    /**
     * The pod was bound by somebody else, gets no instance, and its fail strategy is {@code fail-fast}; an event says so already.
     *
     * @param reason of condition ContainerInstanceCreated
     */
    record NoInstance(String reason, String message) implements PodFailure {}
}
