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
 * <p>Only news changes it: that the time of a closure is over, and one request may probe, follows from the instant at which somebody
 * asks. Windows count requests. Reads no clock: each instant is the caller's. Not thread-safe; owned by the engine's thread.
 */
final class CircuitBreaker {
    private static final int WIDE_OPEN = 1024;

    /** What the last news was; whether a closure still keeps requests back is a question of the time. */
    private enum News {
        NONE,
        GOOD,
        CLOSURE
    }

    private News news = News.NONE;
    private int window; // of a closure: how many requests may probe once it is over
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

    /** Whether a request may go through now. Once the time of a closure is over, one may probe. */
    Availability availability(Instant now) {
        if (isClosed(now)) {
            return new Availability.Closed(why, until, message);
        }
        return isFull() ? besideThoseAsking() : new Availability.Ask(news == News.GOOD);
    }

    /** What to say to somebody who may not ask beside those who are asking, while it is not closed. */
    Availability besideThoseAsking() {
        return news == News.CLOSURE ? new Availability.Probing(why, message) : new Availability.Busy();
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
        news = News.GOOD;
        failures = 0;
        observedAt = now;
    }

    private void answered() {
        inFlight--;
        if (inFlight == 0 && news != News.CLOSURE) {
            freed = 0; // whatever is asked from now on is asked after it
        }
    }

    /** The request ended without saying anything about this offer or region. */
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
        if (news != News.CLOSURE) {
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

    /** The closure is over at once, and so many requests may find out. */
    private void probe(int requests) {
        until = Instant.MIN;
        window = requests;
    }

    /** Closes until a given time, whatever was asked when. */
    void close(Closure reason, String text, Instant now, Instant then) {
        news = News.CLOSURE;
        why = reason;
        message = text;
        until = then;
        window = 1;
        observedAt = now;
        inFlight = 0;
        freed = 0;
        epoch++;
    }

    /** A change may have ended the cause of a closure: its time is over, and one request probes. */
    void reopen() {
        until = Instant.MIN;
    }

    /** Opens a little, where its time is over and nobody probes. */
    void heard(Instant now) {
        if (news == News.CLOSURE && !isClosed(now) && inFlight == 0) {
            news = News.GOOD;
            window = 1;
        }
    }

    /** As if nothing had ever been asked; answers to what was asked before say nothing any more. */
    void startAnew(int firstWindow) {
        news = News.NONE;
        window = firstWindow;
        inFlight = 0;
        failures = 0;
        freed = 0;
        observedAt = null;
        epoch++;
    }

    /** Whether its last news was good; false where it was never asked. */
    boolean isOpen() {
        return news == News.GOOD;
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
    String state(Instant now) {
        return switch (news) {
            case NONE -> "NeverAsked";
            case GOOD -> "Open";
            case CLOSURE -> isClosed(now) ? why.code() : "Probing";
        };
    }

    /** Whether the time of a closure is not over yet. */
    boolean isClosed(Instant now) {
        return news == News.CLOSURE && now.isBefore(until);
    }

    /** When the closure ends, null where none lasts. */
    @Nullable
    Instant closedUntil(Instant now) {
        return isClosed(now) ? until : null;
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
