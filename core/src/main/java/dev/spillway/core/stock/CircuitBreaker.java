package dev.spillway.core.stock;

import dev.spillway.core.model.Closure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests through as far as the answers so far justify it: a window of requests in flight that doubles with each
 * success, closes for a growing time at a refusal, and then lets one request probe.
 *
 * <p>Requests carry the epoch in which they were let through; an answer of an earlier epoch says nothing about the present
 * one. So the eight refusals of one wave count once.
 *
 * <p>Windows count requests. Reads no clock: each instant is the caller's. Not thread-safe; owned by the engine's thread.
 */
final class CircuitBreaker {
    private static final int WIDE_OPEN = 1024;

    private enum Phase {
        FRESH,
        OPEN,
        CLOSED,
        PROBING
    }

    private Phase phase = Phase.FRESH;
    private int window;
    private int inFlight;
    private int failures;

    /** What became free and was not asked for since: only counted while answers may be older than that. */
    private int freed;

    private long epoch;
    private long ends;
    private Closure why = Closure.SOLD_OUT;
    private String message = "";
    private Instant until = Instant.MIN;
    private @Nullable Instant observedAt;

    /** Never asked yet, and lets so many requests through at once. */
    CircuitBreaker(int firstWindow) {
        this.window = firstWindow;
    }

    /** Whether a request may go through now. Where the time of a closure is over, one may probe from then on. */
    Availability standing(Instant now) {
        if (phase == Phase.CLOSED && !now.isBefore(until)) {
            probe(1);
        }
        return switch (phase) {
            case FRESH, OPEN -> isFull() ? new Availability.Busy() : new Availability.Ask(phase == Phase.OPEN);
            case CLOSED -> new Availability.Closed(why, until, message);
            case PROBING -> isFull() ? new Availability.Probing(why, message) : new Availability.Ask(false);
        };
    }

    /** What to say to somebody who may not ask beside those who are asking. */
    Availability keptBack() {
        return phase == Phase.PROBING ? new Availability.Probing(why, message) : new Availability.Busy();
    }

    /** Lets a request through and returns the epoch to answer with. */
    long asked() {
        inFlight++;
        freed = Math.max(0, freed - 1);
        return epoch;
    }

    /** How many instances of ours have ended so far; kept with a request, it tells which of them came later. */
    long ends() {
        return ends;
    }

    /** The request had a good answer: twice as many may go through at once, at most 1024. */
    void succeeded(long askedEpoch, Instant now) {
        if (askedEpoch != epoch) {
            return;
        }
        answered();
        window = Math.min(WIDE_OPEN, window * 2);
        phase = Phase.OPEN;
        failures = 0;
        observedAt = now;
    }

    private void answered() {
        inFlight--;
        if (inFlight == 0 && phase != Phase.PROBING) {
            freed = 0; // whatever is asked from now on is asked after it
        }
    }

    /** The request ended without saying anything about this valve. */
    void released(long askedEpoch) {
        if (askedEpoch == epoch) {
            answered();
        }
    }

    /**
     * Closes, unless a later answer has spoken already.
     *
     * @param endsBefore {@link #ends} when the request left: what had ended by then is taken already, for the request was refused
     */
    void refused(long askedEpoch, long endsBefore, Closure reason, String text, Instant now, Backoff backoff) {
        if (askedEpoch != epoch) {
            return;
        }
        failures++;
        int since = (int) Math.min(freed, ends - endsBefore);
        close(reason, text, now, now.plus(backoff.after(failures)));
        if (since > 0 && isWantOfCapacity()) {
            freed = since;
            probe(since);
        }
    }

    /** So much as one instance took up is free; false where that changes nothing now. */
    boolean freed() {
        ends++;
        if (phase == Phase.FRESH || phase == Phase.OPEN) {
            freed += inFlight > 0 ? 1 : 0;
            return false;
        }
        if (isWantOfCapacity()) {
            freed++;
            probe(inFlight + freed);
            return true;
        }
        return false;
    }

    private boolean isWantOfCapacity() {
        return why == Closure.SOLD_OUT || why == Closure.QUOTA;
    }

    private void probe(int requests) {
        phase = Phase.PROBING;
        window = requests;
    }

    /** Closes until a given time, whatever was asked when. */
    void close(Closure reason, String text, Instant now, Instant then) {
        phase = Phase.CLOSED;
        why = reason;
        message = text;
        until = then;
        observedAt = now;
        inFlight = 0;
        freed = 0;
        epoch++;
    }

    /** Forgets a closure, after a change that may have ended its cause; one request probes. */
    void reopen() {
        if (phase == Phase.CLOSED) {
            probe(1);
        }
    }

    /** Opens a little, where its time is over and nobody probes. */
    void heard(Instant now) {
        boolean isOver = (phase == Phase.CLOSED && !now.isBefore(until)) || (phase == Phase.PROBING && inFlight == 0);
        if (isOver) {
            phase = Phase.OPEN;
            window = 1;
        }
    }

    /** As if nothing had ever been asked; answers to what was asked before say nothing any more. */
    void startAnew(int firstWindow) {
        phase = Phase.FRESH;
        window = firstWindow;
        inFlight = 0;
        failures = 0;
        freed = 0;
        observedAt = null;
        epoch++;
    }

    /** Whether its last news was good; false where it was never asked. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether no request may join those in flight. */
    boolean isFull() {
        return inFlight >= window;
    }

    /** How many requests may be in flight at once, while it is not closed. */
    int window() {
        return window;
    }

    /** Its name in a Region's status: the closure's own where it is closed. */
    String state() {
        return switch (phase) {
            case FRESH -> "NeverAsked";
            case OPEN -> "Open";
            case CLOSED -> why.code();
            case PROBING -> "Probing";
        };
    }

    /** Whether it is closed; it stays so after its time, until somebody wants to ask. */
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** When the closure ends, null where it is not closed; may be past. */
    @Nullable
    Instant closedUntil() {
        return phase == Phase.CLOSED ? until : null;
    }

    /** When it last let a request succeed or was closed, null where neither ever was, or it is forgotten. */
    @Nullable
    Instant observedAt() {
        return observedAt;
    }

    /** How long to stay closed at the n-th refusal in a row. */
    interface Backoff {
        /** {@code failures}: from 1. */
        Duration after(int failures);
    }
}
