package dev.spillway.clusterregion.events;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Pages;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.call.WatchReader;
import dev.spillway.clusterregion.mapping.RegionEvent;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.feed.FeedSettings;
import dev.spillway.kube.feed.WatchProgress;
import dev.spillway.kube.http.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * An Event that is missed is a line less in kubectl describe, and a list of all events of a large cluster is long: so they are listed only at the
 * start and where the region no longer knows the version that a watch would go on from.
 */

/** Hands the region's events about pods to a mirror: what was said in the last minutes, then what is said. Without the right to it, it tries again. */
public final class EventWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
    private static final FeedSettings TIMES = FeedSettings.DEFAULT;
    private static final String PODS = "/api/v1/events?fieldSelector=involvedObject.kind%3DPod";

    /** A process that takes over is there sooner; what is older was told by the one before. */
    private static final Duration NEWS = Duration.ofMinutes(10);

    private static final Duration UNTIL_PODS_ARE_KNOWN = Duration.ofMillis(200);
    /** API servers send no bookmarks about events, which they do not cache: nothing may come for long, and then the watch ends in good order. */
    private static final Duration LENGTH = TIMES.longestSilence().minusSeconds(20);

    private static final int FAILURES_TO_LIST = 5;
    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofMinutes(5));

    private final RegionId region;
    private final ApiClient client;
    private final EventMirror mirror;
    private final Duration deadline;
    private final InstantSource clock;
    private final BooleanSupplier arePodsKnown;
    private final WatchReader reader;
    private final WatchProgress progress = new WatchProgress(TIMES);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    // Of the thread alone.
    private long version = -1; // -1: to be listed
    private int failures; // in a row
    private boolean hasForgotten; // the region, the version of a watch, and none has brought or lasted since

    /**
     * Not started yet.
     *
     * @param clock wall time, as events carry it
     * @param arePodsKnown whether it is known which pods there are; before that nobody knows whose an Event is
     */
    public EventWatch(
            RegionId region,
            ApiClient client,
            EventMirror mirror,
            Duration deadline,
            InstantSource clock,
            BooleanSupplier arePodsKnown) {
        this.region = region;
        this.client = client;
        this.mirror = mirror;
        this.deadline = deadline;
        this.clock = clock;
        this.arePodsKnown = arePodsKnown;
        this.reader = new WatchReader(client, TIMES.longestSilence());
        this.thread = Thread.ofVirtual().name("events-" + region).unstarted(this::run);
    }

    /** Begins with the first list, once pods are known. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!arePodsKnown.getAsBoolean()) {
                if (closed.await(UNTIL_PODS_ARE_KNOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            var pause = Duration.ZERO;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One list or one watch; how long to wait before the next. */
    private Duration attempt() {
        try {
            boolean isList = version < 0;
            var refusal = isList ? list() : watch();
            if (refusal != null) {
                return refused(refusal, isList);
            }
            hasForgotten &= isList;
            failures = hasForgotten ? failures : 0;
            return isList ? Duration.ZERO : progress.ended(nowMillis(), false).pause();
        } catch (IOException e) {
            version = e instanceof JacksonException ? -1 : version;
            return failed(Calls.reason(e));
        } catch (RuntimeException bug) {
            version = -1;
            LOG.atError().addKeyValue("region", region).setCause(bug).log("watching a region's events failed");
            return failed("a bug");
        }
    }

    /**
     * A version that was forgotten is no trouble, since nothing may have been said for longer than it is remembered: a list follows at once. Where the
     * version of that list is forgotten too, something is wrong.
     */
    private Duration refused(Reply refusal, boolean wasList) {
        boolean isTooOld = refusal instanceof Reply.No no && no.code() == 410;
        boolean isOrdinary = isTooOld && !wasList && !hasForgotten;
        if (isTooOld) {
            version = -1;
            hasForgotten = true;
        }
        return isOrdinary ? Duration.ZERO : failed(refusal.why());
    }

    private Duration failed(String why) {
        if (closed.getCount() == 0) {
            return Duration.ZERO; // it was ended, and that is no trouble
        }
        failures++;
        if (failures >= FAILURES_TO_LIST) {
            version = -1; // the region may have been restored from a backup, and count anew
        }
        var line = failures == 1 ? LOG.atWarn() : LOG.atDebug();
        line.addKeyValue("region", region).addKeyValue("why", why).log("events of a region are not told for now");
        return PAUSES.at(failures);
    }

    private @Nullable Reply list() {
        var news = clock.instant().minus(NEWS);
        var outcome = Pages.read(new Calls(client, Deadline.in(deadline)), PODS, "Event", object -> {
            if (RegionEvent.read(object)
                    .filter(event -> event.last().isAfter(news))
                    .isPresent()) {
                mirror.seen(object, true);
            }
        });
        return switch (outcome) {
            case Pages.Outcome.Complete(long listed) -> {
                version = listed;
                yield null;
            }
            case Pages.Outcome.Failed(Reply reply) -> reply;
        };
    }

    private @Nullable Reply watch() throws IOException {
        var path = "%s&watch=1&allowWatchBookmarks=true&resourceVersion=%d&timeoutSeconds=%d"
                .formatted(PODS, version, LENGTH.toSeconds());
        progress.begins(version, nowMillis());
        return reader.read(path, new Sink());
    }

    private final class Sink implements WatchReader.Sink {
        @Override
        public void opened() {}

        @Override
        public void changed(JsonNode object) {
            mirror.seen(object, false);
        }

        /** Events end by their age. */
        @Override
        public void deleted(JsonNode object) {}

        @Override
        public void reached(long reached) {
            version = Math.max(version, reached);
            progress.brought(reached);
            hasForgotten = false;
            failures = 0;
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
