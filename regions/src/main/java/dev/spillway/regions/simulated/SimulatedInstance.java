package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Instance;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One instance, changed in place; what others see of it is {@link #current}, which never changes. */
final class SimulatedInstance {
    /** What happens to an instance by itself when its time comes. */
    enum Step {
        START,
        FAIL_TO_START,
        COMPLETE,
        RECLAIM,
        VANISH
    }

    /**
     * What was agreed at acceptance.
     *
     * @param acceptedWall the same as {@code acceptedAt}, in wall time
     * @param run how long the containers run before they end by themselves, null = until told
     */
    record Terms(
            Instant acceptedAt,
            Instant acceptedWall,
            long microsUsdPerHour,
            @Nullable Duration run) {}

    final long number;
    final AcquireRequest request;
    final Terms terms;
    Instance current;

    @Nullable
    Instant terminatedAt;

    @Nullable
    Instant releasedAt;

    /** When its containers end by themselves, null = never, or not known before they run. */
    @Nullable
    Instant completesAt;

    /** When the region is going to take it back, null = not announced. */
    @Nullable
    Instant reclaimedAt;

    // Only the step planned last is carried out; an earlier one still in the queue is void.
    long plannedStep;

    SimulatedInstance(long number, AcquireRequest request, Instance first, Terms terms) {
        this.number = number;
        this.request = request;
        this.current = first;
        this.terms = terms;
    }

    InstanceId id() {
        return current.id();
    }

    RegionId region() {
        return offer().region();
    }

    Offer offer() {
        return request.offer();
    }

    boolean belongsTo(String clusterId) {
        return request.tags().clusterId().equals(clusterId);
    }

    Instance.State state() {
        return current.state();
    }

    /** Terminated or told to: its token buys nothing any more. */
    boolean isSpent() {
        return terminatedAt != null;
    }

    HistoryEntry historyEntry() {
        return new HistoryEntry(
                region(),
                request.token(),
                current,
                terms.acceptedAt(),
                terminatedAt,
                releasedAt,
                terms.microsUsdPerHour());
    }
}
