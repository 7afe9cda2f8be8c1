package dev.spillway.kube.leader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The rules are client-go's (tools/leaderelection): a lease held by somebody else is respected until it was seen unchanged
 * for its whole duration, measured on our own monotonic clock from the moment we saw it change last. The times written in it
 * are for people. So clocks may be wrong by any amount; only their rates must be alike. Every change is a compare-and-set on
 * the lease's resourceVersion. fabric8's elector compares the other machine's renewTime with our clock and takes a healthy
 * leader's place when its clock is behind; hence our own.
 *
 * This is no lock: a paused process believes in its leadership until it looks again. What it then writes is made harmless by
 * compare-and-set on each object (decision 0007), not here.
 */

/**
 * Leader election on a Lease object: at most one process leads most of the time. While leading, the lease is renewed every
 * 2 s; not renewed for 10 s it is given up, and others may take it after 12 s. A candidate looks every second, and at the moment at which it may
 * take the lease: so a killed leader is followed within 13 s and the time of four requests, one that stops in order within 1 s and two. Having lost it,
 * this process is a candidate again. One thread runs it.
 */
public final class Elector implements AutoCloseable {
    static final Duration RETRY = Duration.ofSeconds(2);
    static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    static final Duration LEASE = Duration.ofSeconds(12);
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Elector.class);
    private static final Duration REQUEST_DEADLINE = Duration.ofSeconds(5);

    private final Sender sender;
    private final LeaseName name;
    private final String identity;
    private final Listener listener;
    private final InstantSource wallClock;
    private final LongSupplier nanoTime;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread; // set once, by start
    private volatile long heardAtNanos;

    // Of the electing thread alone.
    private @Nullable JsonNode observed;
    private long observedAtNanos;
    private long renewedAtNanos;
    private boolean leading;
    private String trouble = "";

    /** Namespace and name of a Lease object. */
    public record LeaseName(String namespace, String name) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /** Is told of leadership, by the electing thread, which renews nothing meanwhile: return at once. */
    public interface Listener {
        /** This process leads from now on. */
        void started();

        /** It leads no more. Called once after each {@link #started}, also at {@link Elector#close}. */
        void stopped();
    }

    /**
     * An elector that does nothing before {@link #start}.
     *
     * @param identity names this process, differently from every other, also from its own predecessor
     * @param wallClock for the times written
     * @param nanoTime a monotonic clock, such as {@link System#nanoTime}
     */
    public Elector(
            Sender sender,
            LeaseName name,
            String identity,
            Listener listener,
            InstantSource wallClock,
            LongSupplier nanoTime) {
        this.sender = sender;
        this.name = name;
        this.identity = identity;
        this.listener = listener;
        this.wallClock = wallClock;
        this.nanoTime = nanoTime;
        this.heardAtNanos = nanoTime.getAsLong();
    }

    /** Starts a thread that takes part in the election until {@link #close}. */
    public void start() {
        thread = Thread.ofPlatform().daemon().name("elector").start(this::run);
    }

    /** Stops; a lease held is released, so that the next candidate need not wait. Blocks until that is done or 10 s have passed. */
    @Override
    public void close() {
        stop.countDown();
        var running = thread;
        if (running != null) {
            try {
                running.join(RENEW_DEADLINE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Who holds a lease now: somebody who renewed it while we looked. Takes up to the lease's duration where nobody does but a
     * name is in it, as a killed process leaves it.
     *
     * @throws IOException where the API server did not answer, or not with a lease
     */
    public static Optional<String> holder(Sender sender, LeaseName name) throws IOException, InterruptedException {
        var first = LeaseRequests.read(sender, name, REQUEST_DEADLINE);
        var end = System.nanoTime() + LeaseRequests.duration(first).toNanos();
        while (!LeaseRequests.holder(first).isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(500);
            var now = LeaseRequests.read(sender, name, REQUEST_DEADLINE);
            if (!LeaseRequests.version(now).equals(LeaseRequests.version(first))) {
                var holder = LeaseRequests.holder(now);
                return holder.isEmpty() ? Optional.empty() : Optional.of(holder);
            }
        }
        return Optional.empty();
    }

    /** How long the Lease could not be read; seconds where all is well. May be asked by any thread. */
    public Duration silentFor() {
        return Duration.ofNanos(nanoTime.getAsLong() - heardAtNanos);
    }

    private void run() {
        try {
            do {
                step();
            } while (!stop.await(untilNextStep().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        resign();
    }

    /** One attempt to take or renew the lease, and what follows from it. */
    void step() {
        // The others count from when they see the write, which may be long before its answer is here.
        long asked = nanoTime.getAsLong();
        boolean held = tryToHold();
        long now = nanoTime.getAsLong();
        if (held) {
            renewedAtNanos = asked;
            if (!leading) {
                leading = true;
                LOG.atInfo()
                        .addKeyValue("lease", name)
                        .addKeyValue("identity", identity)
                        .log("leading");
                listener.started();
            }
        } else if (leading && (heldByAnother() || now - renewedAtNanos >= RENEW_DEADLINE.toNanos())) {
            stopLeading("leadership lost");
        }
    }

    /** From a step to the next one: a leader renews and gives up in time, a candidate is there when the place is free. */
    Duration untilNextStep() {
        long now = nanoTime.getAsLong();
        if (leading) {
            return least(RETRY, RENEW_DEADLINE.toNanos() - (now - renewedAtNanos));
        }
        var lease = observed;
        return lease != null && heldByAnother()
                ? least(LOOK, LeaseRequests.duration(lease).toNanos() - (now - observedAtNanos))
                : LOOK;
    }

    /** The usual pause, or what is left until something is due; what was due already did not succeed and waits for the usual time. */
    private static Duration least(Duration usual, long leftNanos) {
        return leftNanos <= 0 ? usual : Duration.ofNanos(Math.min(usual.toNanos(), leftNanos));
    }

    /** Gives the lease up where it is ours. */
    void resign() {
        if (leading) {
            stopLeading("leadership given up");
            var lease = observed;
            if (lease != null) {
                send(() -> LeaseRequests.release(sender, name, lease, wallClock.instant(), REQUEST_DEADLINE));
            }
        }
    }

    boolean isLeading() {
        return leading;
    }

    private void stopLeading(String why) {
        leading = false;
        LOG.atWarn()
                .addKeyValue("lease", name)
                .addKeyValue("identity", identity)
                .log(why);
        listener.stopped();
    }

    private boolean tryToHold() {
        var found = send(() -> LeaseRequests.get(sender, name, requestDeadline()));
        if (found == null) {
            return false;
        }
        if (found.isSuccess() || found.code() == 404) {
            heardAtNanos = nanoTime.getAsLong();
        }
        if (found.code() == 404) {
            return observeWritten(send(
                    () -> LeaseRequests.create(sender, name, identity, wallClock.instant(), LEASE, requestDeadline())));
        }
        if (!found.isSuccess()) {
            trouble(Answers.describe(found));
            return false;
        }
        var lease = LeaseRequests.parse(found);
        if (!LeaseRequests.isLease(lease, name)) {
            trouble("The answer is no Lease.");
            return false;
        }
        observe(lease);
        if (heldByAnother()
                && nanoTime.getAsLong() - observedAtNanos
                        < LeaseRequests.duration(lease).toNanos()) {
            return false;
        }
        return observeWritten(send(() ->
                LeaseRequests.take(sender, name, lease, identity, wallClock.instant(), LEASE, requestDeadline())));
    }

    /** Ends before leadership has to be given up, so that a hanging server cannot keep us believing. */
    private Duration requestDeadline() {
        if (!leading) {
            return REQUEST_DEADLINE;
        }
        long left = RENEW_DEADLINE.toNanos() - (nanoTime.getAsLong() - renewedAtNanos);
        return Duration.ofNanos(Math.clamp(left, 1, REQUEST_DEADLINE.toNanos()));
    }

    private boolean heldByAnother() {
        var holder = observed == null ? "" : LeaseRequests.holder(observed);
        return !holder.isEmpty() && !holder.equals(identity);
    }

    private void observe(JsonNode lease) {
        if (observed == null || !LeaseRequests.version(observed).equals(LeaseRequests.version(lease))) {
            observed = lease;
            observedAtNanos = nanoTime.getAsLong();
        }
    }

    private boolean observeWritten(@Nullable ApiResponse written) {
        if (written == null || !written.isSuccess()) {
            if (written != null && written.code() != 409) {
                trouble(Answers.describe(written));
            }
            return false;
        }
        var lease = LeaseRequests.parse(written);
        if (!LeaseRequests.isLease(lease, name) || !LeaseRequests.holder(lease).equals(identity)) {
            // A success without the lease in it proves nothing: others may take it while we believe in it.
            trouble("The answer to a write is not the Lease as it was written.");
            return false;
        }
        trouble = "";
        observe(lease);
        return true;
    }

    /** Sends; null where no response came. */
    private @Nullable ApiResponse send(Call call) {
        try {
            return call.send();
        } catch (IOException e) {
            trouble("No response: " + e.getMessage());
            return null;
        }
    }

    /** Says what stands in the way, once. */
    private void trouble(String what) {
        if (!what.equals(trouble)) {
            trouble = what;
            LOG.atWarn().addKeyValue("lease", name).addKeyValue("why", what).log("the lease cannot be read or written");
        }
    }

    @FunctionalInterface
    private interface Call {
        ApiResponse send() throws IOException;
    }
}
