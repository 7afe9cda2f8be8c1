package dev.spillway.regions.simulated;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.Instance;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One instance that ever was, as it is now.
 *
 * @param acceptedAt when it was accepted, on the caller's clock like the other times
 * @param terminatedAt when it was told to terminate, null before
 * @param releasedAt when it stopped holding capacity, null before
 * @param microsUsdPerHour its price when it was accepted
 */
public record HistoryEntry(
        RegionId region,
        Token token,
        Instance instance,
        Instant acceptedAt,
        @Nullable Instant terminatedAt,
        @Nullable Instant releasedAt,
        long microsUsdPerHour) {
    /** What it has cost until {@code now}, in micro US dollars; begun seconds are free. */
    public long costMicrosUsd(Instant now) {
        Instant end = releasedAt == null ? now : releasedAt;
        return microsUsdPerHour * Duration.between(acceptedAt, end).toSeconds() / 3600;
    }
}
