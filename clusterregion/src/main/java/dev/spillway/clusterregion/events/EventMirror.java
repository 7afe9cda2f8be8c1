package dev.spillway.clusterregion.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.events.PendingEvents.Pending;
import dev.spillway.clusterregion.mapping.EventMapping;
import dev.spillway.clusterregion.mapping.RegionEvent;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at home what the region says about pods of ours: each Event there is one Event here, about the home pod, and one that repeats is changed in
 * place. It may be late and may leave some out, by a budget; it never says one twice. Thread-safe; writes in a thread of its own.
 */
public final class EventMirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventMirror.class);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(500);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private final RegionId region;
    private final String namespacePrefix;
    private final Sender home;
    private final Duration deadline;
    private final RegionPods pods;
    private final PendingEvents events = new PendingEvents();
    private final Omissions omissions = new Omissions();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    // Of the thread alone.
    private final EventBudget budget = new EventBudget(System.nanoTime());
    private long reportedNanos = System.nanoTime();

    /**
     * Not started yet.
     *
     * @param namespacePrefix with which namespaces of ours in the region begin; what is said elsewhere is none of our business
     */
    public EventMirror(RegionId region, String namespacePrefix, Sender home, Duration deadline, RegionPods pods) {
        this.region = region;
        this.namespacePrefix = namespacePrefix;
        this.home = home;
        this.deadline = deadline;
        this.pods = pods;
        this.thread = Thread.ofVirtual().name("events-home-" + region).unstarted(this::run);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    /** Takes in an Event as the region has it; whether it came by a list, so that it may have been told before. */
    void seen(JsonNode object, boolean isListed) {
        RegionEvent.read(object)
                .filter(event -> event.pod().namespace().startsWith(namespacePrefix))
                .filter(EventMapping::isForHome)
                .filter(event -> !events.add(event, isListed, System.nanoTime()))
                .ifPresent(event -> omissions.add("too many wait to be told"));
    }

    private void run() {
        try {
            var pause = BETWEEN_ROUNDS;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    pause = round() ? BETWEEN_ROUNDS : AFTER_TROUBLE;
                } catch (RuntimeException bug) {
                    LOG.atError().addKeyValue("region", region).setCause(bug).log("telling events failed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells what may be told now; false where the home cluster cannot be told anything. */
    private boolean round() {
        report();
        for (var one : events.settled(System.nanoTime())) {
            if (!budget.isOpen(System.nanoTime())) {
                return true; // the rest waits, and changes meanwhile count once
            }
            if (!tell(one)) {
                return false;
            }
        }
        return true;
    }

    private boolean tell(Pending one) {
        var event = one.event();
        var tags = pods.tags(event.pod());
        if (tags == null) {
            events.done(one); // somebody else's
            return true;
        }
        if (!budget.take(event.pod(), System.nanoTime())) {
            omissions.add("a pod has more of them than a kubelet would let through");
            events.done(one);
            return true;
        }
        var reply = write(one, tags);
        if (reply instanceof Reply.Done) {
            events.told(one);
            return true;
        }
        boolean isFinal = reply instanceof Reply.No no && no.isFinal();
        if (isFinal) {
            omissions.add("the home cluster did not take one: " + reply.why());
            events.done(one);
        }
        return isFinal;
    }

    private Reply write(Pending one, Tags tags) {
        var calls = new Calls(home, Deadline.in(deadline));
        if (one.mayBeThere()) {
            var changed = change(calls, one.event(), tags);
            return changed instanceof Reply.No no && no.isNotFound() ? create(calls, one.event(), tags) : changed;
        }
        var created = create(calls, one.event(), tags);
        boolean isThere = created instanceof Reply.No no && no.reason().equals("AlreadyExists");
        return isThere ? change(calls, one.event(), tags) : created;
    }

    private static Reply create(Calls calls, RegionEvent event, Tags tags) {
        return calls.post(Paths.objects(tags.pod().namespace(), "events"), EventMapping.whole(event, tags));
    }

    /** A patch that changes nothing is not written by the server. */
    private static Reply change(Calls calls, RegionEvent event, Tags tags) {
        var path = Paths.object(tags.pod().namespace(), "events", EventMapping.name(event, tags));
        return calls.patch(path, EventMapping.change(event, tags));
    }

    private void report() {
        long now = System.nanoTime();
        if (now - reportedNanos < BETWEEN_REPORTS.toNanos()) {
            return;
        }
        reportedNanos = now;
        budget.forgetRested(now);
        omissions
                .take()
                .ifPresent(omitted -> LOG.atWarn()
                        .addKeyValue("region", region)
                        .addKeyValue("events", omitted.count())
                        .addKeyValue("why", omitted.why())
                        .log("events of pods there were not told at home"));
    }
}
