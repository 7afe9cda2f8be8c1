package dev.spillway.regions.simulated;

import dev.spillway.core.model.RegionId;
import dev.spillway.regions.protocol.ErrorCode;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Answers a state machine's reply as a cloud would: with latency, with an error and its status, by cutting the connection, or not at
 * all. Thread-safe.
 */
final class Replies {
    // Whoever hangs longer has given up; the connection must not be kept for ever.
    private static final Duration HANG_AT_MOST = Duration.ofMinutes(2);

    private final SharedRegions regions;

    Replies(SharedRegions regions) {
        this.regions = regions;
    }

    /** Answers, unless the answer is lost or never comes. */
    <A> void deliver(Reply<A> reply, RegionId region, Consumer<A> answer) {
        switch (reply.delivery()) {
            case ANSWERED -> {
                pause(reply.latency());
                answer.accept(reply.answer());
            }
            case CUT -> {
                pause(reply.latency());
                throw new CloseConnectionException("The answer is lost.");
            }
            case HANGING -> throw hang(region);
        }
    }

    /** Answers a call that a disturbed region does not carry out. */
    void disturbed(ServerResponse response, RegionId region, String why) {
        ErrorCode code = switch (regions.at((all, now) -> all.behaviour(region)).outage()) {
            case Outage.None() -> ErrorCode.NOT_PROCESSED;
            case Outage.Unavailable() -> ErrorCode.NOT_PROCESSED;
            case Outage.Unauthorised() -> ErrorCode.UNAUTHORISED;
            case Outage.Throttled throttled -> ErrorCode.THROTTLED;
            case Outage.Hang() -> throw hang(region);
        };
        JsonReplies.sendError(response, code, why);
    }

    static void noInstance(ServerResponse response, RegionId region) {
        JsonReplies.sendError(
                response, ErrorCode.INSTANCE_NOT_FOUND, "Region %s has no such instance.".formatted(region));
    }

    boolean isDisturbed(RegionId region) {
        return regions.at((all, now) -> isDisturbed(all, region));
    }

    static boolean isDisturbed(SimulatedRegions all, RegionId region) {
        return !all.isKnown(region) || !(all.behaviour(region).outage() instanceof Outage.None);
    }

    /** Never answers: holds the connection until the outage is over or the caller has certainly given up, then cuts it. */
    private CloseConnectionException hang(RegionId region) {
        Optional<Boolean> over = await(
                all -> Optional.of(true).filter(yes -> !(all.behaviour(region).outage() instanceof Outage.Hang)),
                HANG_AT_MOST);
        return new CloseConnectionException(over.isPresent() ? "The outage is over." : "Nobody waits so long.");
    }

    /** As {@link SharedRegions#await}. */
    <T> Optional<T> await(Function<SimulatedRegions, Optional<T>> ready, Duration most) {
        try {
            return regions.await(ready, most);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("The server ends.");
        }
    }

    private static void pause(Duration latency) {
        if (latency.isZero()) {
            return;
        }
        try {
            Thread.sleep(latency);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("The server ends.");
        }
    }
}
