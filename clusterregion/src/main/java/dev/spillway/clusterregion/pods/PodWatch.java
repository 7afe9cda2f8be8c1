package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.call.Versions;
import dev.spillway.clusterregion.call.WatchReader;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;
import dev.spillway.kube.feed.FeedSettings;
import dev.spillway.kube.feed.WatchProgress;
import dev.spillway.kube.http.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link RegionPods} up to date and tells listeners: lists, then watches from there. After a gap it lists again; a pod that is missing from a list
 * is asked for by name before it counts as gone, since a list may be empty for want of a right.
 */
public final class PodWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);
    private static final FeedSettings TIMES = FeedSettings.DEFAULT;

    private final RegionId region;
    private final ApiClient client;
    private final RegionPods pods;
    private final Duration deadline;
    private final Pauses pauses;
    private final WatchReader events;
    private final Listeners listeners;
    private final WatchProgress progress = new WatchProgress(TIMES);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean isComplete;

    // Of the thread alone.
    private long version = -1; // -1: to be listed
    private long highest; // version seen
    private long listedNanos;
    private int failures; // in a row

    /** How time passes between two tries. */
    @FunctionalInterface
    interface Pauses {
        /** Waits so long, or until that is open. */
        void await(CountDownLatch closed, Duration most) throws InterruptedException;
    }

    /** Not started yet. */
    public PodWatch(RegionId region, ApiClient client, RegionPods pods, Duration deadline) {
        this(region, client, pods, deadline, (closed, most) -> {
            boolean _ = closed.await(most.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    PodWatch(RegionId region, ApiClient client, RegionPods pods, Duration deadline, Pauses pauses) {
        this.region = region;
        this.client = client;
        this.pods = pods;
        this.deadline = deadline;
        this.pauses = pauses;
        this.events = new WatchReader(client, TIMES.longestSilence());
        this.listeners = new Listeners(pods);
        this.thread = Thread.ofVirtual().name("pods-" + region).unstarted(this::run);
    }

    /** Begins with the first list. */
    public void start() {
        thread.start();
    }

    /** Tells a listener what is known, and then of each change; by threads of its own. */
    public void listen(Consumer<Instance> listener, Consumer<String> trouble) {
        listeners.add(listener, trouble);
    }

    /** Whether everything has been listed and settled since it was started: from then on it is known which pods there are. */
    public boolean isComplete() {
        return isComplete;
    }

    /** Ends it; nobody is told anything after it returns. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt(); // ends a read: the socket of an interrupted virtual thread is closed
        listeners.close();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        try {
            while (!isClosed()) {
                var why = attempt();
                if (why != null && !isClosed()) {
                    complain(why);
                    pauses.await(closed, TIMES.pauses().at(failures));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One list or one watch; why it failed, null where it did not. */
    private @Nullable String attempt() throws InterruptedException {
        try {
            return version < 0 ? list() : watch();
        } catch (IOException e) {
            // What could not be read may have hidden something; silence and a broken connection leave the version good.
            version = e instanceof JacksonException ? -1 : version;
            return Calls.reason(e);
        } catch (RuntimeException bug) {
            version = -1;
            LOG.atError().addKeyValue("region", region).setCause(bug).log("watching a region failed");
            return "failed: " + bug.getClass().getSimpleName();
        }
    }

    private void complain(String why) {
        failures++;
        listeners.trouble(why);
        var line = failures == 1 ? LOG.atWarn() : LOG.atDebug();
        line.addKeyValue("region", region).addKeyValue("why", why).log("watching a region pauses");
    }

    private @Nullable String list() {
        return switch (PodLister.list(calls(), pods.selector())) {
            case PodLister.Listing.Failed(Reply reply) -> reply.whyForAll();
            case PodLister.Listing.Complete(List<JsonNode> listed, long listVersion) -> {
                if (listVersion < highest || pods.isContradictedBy(listed, listVersion)) {
                    LOG.atWarn()
                            .addKeyValue("region", region)
                            .addKeyValue("seen", highest)
                            .addKeyValue("now", listVersion)
                            .log(
                                    "the region's store went back, as after a restored backup; everything is taken in anew");
                    pods.setBack(highest);
                }
                highest = listVersion;
                var present = new HashSet<PodId>();
                boolean hadMissed = false;
                for (var pod : listed) {
                    PodId.of(pod).ifPresent(present::add);
                    hadMissed |= seen(pod);
                }
                var doubt = settleMissing(present, listVersion);
                if (doubt != null) {
                    yield doubt;
                }
                progress.listed(hadMissed);
                version = listVersion;
                listedNanos = System.nanoTime();
                isComplete = true;
                yield null;
            }
        };
    }

    /** Asks by name for what is known and not listed. Why one could not be settled, or null. */
    private @Nullable String settleMissing(Set<PodId> present, long listVersion) {
        String doubt = null;
        for (var pod : pods.all()) {
            if (!present.contains(pod.id()) && pod.version() <= listVersion) {
                var why = settle(pod.id(), listVersion);
                doubt = why == null ? doubt : why;
            }
        }
        return doubt;
    }

    private @Nullable String settle(PodId id, long asOf) {
        return switch (calls().get(Paths.pod(id.namespace(), id.name()))) {
            case Reply.Done(JsonNode pod) -> {
                if (PodId.of(pod).filter(id::equals).isPresent()) {
                    seen(pod);
                } else {
                    pods.gone(id, asOf).ifPresent(listeners::tell);
                }
                yield null;
            }
            case Reply.No no
            when no.isNotFound() -> {
                pods.gone(id, asOf).ifPresent(listeners::tell);
                yield null;
            }
            case Reply.No no -> no.whyForAll();
            case Reply.Silent silent -> silent.whyForAll();
        };
    }

    private @Nullable String watch() throws IOException {
        var path = "%s&watch=1&allowWatchBookmarks=true&resourceVersion=%d&timeoutSeconds=%d"
                .formatted(
                        Paths.all("pods", pods.selector()),
                        version,
                        TIMES.relistEvery().toSeconds());
        progress.begins(version, nowMillis());
        boolean isBroken = true;
        try {
            var refusal = events.read(path, new Events());
            isBroken = false;
            if (refusal != null) {
                return refused(refusal);
            }
        } finally {
            pods.follow(false);
            if (isBroken) {
                ended(true);
            }
        }
        return ended(false);
    }

    private @Nullable String ended(boolean isBroken) {
        var next = progress.ended(nowMillis(), isBroken);
        boolean isDue = System.nanoTime() - listedNanos >= TIMES.relistEvery().toNanos();
        if (next.list() || isDue) {
            version = -1;
        }
        if (progress.isStuck()) {
            return "each watch ends with nothing in it";
        }
        if (!next.pause().isZero() && !isBroken) {
            try {
                pauses.await(closed, next.pause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return null;
    }

    /** The version is forgotten: a list follows at once, unless that happens time and again. */
    private @Nullable String refused(Reply reply) {
        boolean isTooOld = reply instanceof Reply.No no && no.code() == 410;
        boolean hadJustListed = System.nanoTime() - listedNanos < TimeUnit.SECONDS.toNanos(1);
        version = -1;
        return isTooOld && !hadJustListed ? null : reply.whyForAll();
    }

    private final class Events implements WatchReader.Sink {
        @Override
        public void opened() {
            pods.follow(true);
        }

        @Override
        public void changed(JsonNode pod) {
            seen(pod);
        }

        /**
         * An instance that is gone was told to go before. One that was not may just have lost the label that the watch goes by, or was forced: its
         * name tells.
         */
        @Override
        public void deleted(JsonNode pod) {
            var id = PodId.of(pod).orElse(null);
            if (id == null) {
                return;
            }
            long asOf = Versions.of(pod);
            var known = pods.known(id);
            boolean isInstance = known != null && known.isInstance();
            if (isInstance && !pod.at("/metadata").hasNonNull("deletionTimestamp")) {
                settle(id, asOf);
            } else {
                seen(pod);
                pods.gone(id, asOf).ifPresent(listeners::tell);
            }
        }

        @Override
        public void reached(long reached) {
            version = Math.max(version, reached);
            highest = Math.max(highest, reached);
            progress.brought(reached);
            failures = 0;
        }
    }

    /** Takes in a pod; whether it was news. */
    private boolean seen(JsonNode pod) {
        var report = pods.seen(pod).flatMap(known -> pods.toTell(known.id()));
        report.ifPresent(listeners::tell);
        return report.isPresent();
    }

    private Calls calls() {
        return new Calls(client, Deadline.in(deadline));
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
