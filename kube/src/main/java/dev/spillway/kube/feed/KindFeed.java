package dev.spillway.kube.feed;

import com.fasterxml.jackson.core.JacksonException;
import dev.spillway.core.step.Event;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.Kind;
import dev.spillway.kube.translate.Quoted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches one kind, for ever. One thread watches; another lists from time to time without disturbing it. After a
 * break the watch goes on where it was; only where the server has forgotten that version, or sent what cannot be read, is
 * everything listed anew. An API server that cannot be reached or does not know the kind (any more) proves nothing: what
 * was known stays known. A kind that only some pods need ({@link Kind#missedFor}) and that we may not read, or of which there is
 * none, is taken for listed, so that all other pods are served; it is asked for again all the same.
 */
final class KindFeed {
    private static final Logger LOG = LoggerFactory.getLogger(KindFeed.class);

    private static final int FAILURES_BEFORE_LIST = 3;

    private final Kind kind;
    private final FeedSettings settings;
    private final Runnable onFirstList;
    private final Runnable onEmptyWatch;
    private final KnownObjects known; // guarded by lock
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock listing = new ReentrantLock(); // held for a whole list: one at a time
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ListReader lister;
    private final WatchReader watcher;
    private volatile String problem = "";

    // Of the watching thread alone.
    private long version;
    private final WatchProgress progress;
    private boolean mustList = true;
    private boolean isWatching; // else listing
    private boolean isOpen; // the server has accepted the watch
    private boolean watchFailed; // since it last got on
    private int failures; // the same, those of lists included
    private boolean isMissed;

    KindFeed(
            ApiClient client,
            Kind kind,
            FeedSettings settings,
            Consumer<Event> events,
            ObjectListener objects,
            Runnable onFirstList,
            Runnable onEmptyWatch) {
        this.kind = kind;
        this.settings = settings;
        this.onFirstList = onFirstList;
        this.onEmptyWatch = onEmptyWatch;
        this.progress = new WatchProgress(settings);
        this.known = new KnownObjects(kind, events, objects);
        this.lister = new ListReader(client, kind, settings);
        this.watcher = new WatchReader(client, kind, settings);
    }

    /** What keeps it from listing or watching, empty where nothing does. */
    String problem() {
        return problem;
    }

    void start() {
        threads.add(Thread.ofVirtual().name("feed-" + kind.singular()).start(this::run));
        threads.add(Thread.ofVirtual().name("relist-" + kind.singular()).start(this::relistNowAndThen));
    }

    void stop() {
        stop.countDown();
        threads.forEach(Thread::interrupt); // ends a read: the socket of an interrupted virtual thread is closed
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void run() {
        try {
            while (!isStopped()) {
                try {
                    if (mustList) {
                        list();
                    }
                    watchOnce();
                } catch (IOException | RuntimeException e) {
                    pause(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void list() throws IOException {
        isWatching = false;
        var list = listAndDeliver();
        version = list.version();
        mustList = false;
        isMissed = false;
        progress.listed(!list.difference().isEmpty());
        if (!watchFailed) { // else the list has shown nothing of what is wrong
            failures = 0;
            if (!progress.isStuck()) {
                settled();
            }
        }
        onFirstList.run(); // runs once only, whoever calls
    }

    private Listed listAndDeliver() throws IOException {
        listing.lock();
        try {
            locked(() -> {
                known.listBegins();
                return true;
            });
            var list = lister.read();
            var difference = locked(() -> known.listed(list.items(), list.version()));
            LOG.atDebug()
                    .addKeyValue("kind", kind.singular())
                    .addKeyValue("objects", list.items().size())
                    .addKeyValue("difference", difference)
                    .log("listed");
            return new Listed(list.version(), difference);
        } finally {
            listing.unlock();
        }
    }

    private record Listed(long version, KnownObjects.Difference difference) {}

    private void watchOnce() throws IOException, InterruptedException {
        isWatching = true;
        isOpen = false;
        progress.begins(version, nowMillis());
        try {
            watch();
        } catch (IOException | RuntimeException e) {
            if (isOpen) {
                judge(true);
            }
            throw e;
        }
        var next = judge(false);
        if (!progress.isEmpty()) {
            gotOn();
        }
        stop.await(next.pause().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** That the server took the watch proves nothing: did it bring anything? */
    private WatchProgress.Next judge(boolean isBroken) {
        var next = progress.ended(nowMillis(), isBroken);
        mustList |= next.list();
        if (progress.isEmpty() && !isStopped()) {
            onEmptyWatch.run();
        }
        if (progress.isStuck()) {
            troubled(("%s cannot be followed: the API server accepts each watch and ends it with nothing in it. Until"
                            + " it does better everything is listed once a minute; look at the API server, and at any"
                            + " proxy in front of it.")
                    .formatted(kind.path()));
        }
        return next;
    }

    private void gotOn() {
        failures = 0;
        watchFailed = false;
        settled();
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void watch() throws IOException {
        // Spread, so that the watches of many kinds and processes do not all end at once.
        var length = settings.watchLength()
                .multipliedBy(ThreadLocalRandom.current().nextInt(75, 126))
                .dividedBy(100);
        watcher.read(version, length, new WatchReader.Sink() {
            @Override
            public void opened() {
                isOpen = true;
                if (!progress.isStuck()) {
                    settled();
                }
            }

            @Override
            public void seen(Item item) {
                locked(() -> {
                    known.watched(item);
                    return true;
                });
            }

            @Override
            public void deleted(Item item) {
                locked(() -> {
                    known.deleted(item);
                    return true;
                });
            }

            @Override
            public void reached(long reached) {
                version = Math.max(version, reached);
                progress.brought(reached);
                if (!progress.isStuck()) {
                    gotOn();
                }
            }
        });
    }

    private void relistNowAndThen() {
        try {
            while (!stop.await(settings.relistEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    var difference = listAndDeliver().difference();
                    if (!difference.isEmpty()) {
                        // The watch was late by a moment, or had lost something; either way it is made good.
                        LOG.atInfo()
                                .addKeyValue("kind", kind.singular())
                                .addKeyValue("difference", difference)
                                .log("a list brought what the watch had not");
                    }
                } catch (IOException e) {
                    LOG.atDebug()
                            .addKeyValue("kind", kind.singular())
                            .setCause(e)
                            .log("periodic list failed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void pause(Exception e) throws InterruptedException {
        if (isStopped()) {
            return;
        }
        failures++;
        watchFailed |= isWatching;
        var pause = settings.pauses().at(failures);
        if (e instanceof BadAnswerException answer && answer.isTooOld()) {
            mustList = true;
            if (failures == 1) {
                return; // nothing is wrong: the list follows at once
            }
            if (failures > FAILURES_BEFORE_LIST) {
                troubled(describe(e)); // what was just listed is forgotten at once
            }
        } else if (e instanceof BadAnswerException answer) {
            mustList |= answer.isAboutTheRequest() && failures >= FAILURES_BEFORE_LIST;
            pause = max(pause, Duration.ofSeconds(answer.retryAfterSeconds()));
            if (kind.missedFor() != null && (answer.isForbidden() || answer.isUnknownKind())) {
                pause = settings.pauses().most();
                missed(answer);
            } else {
                troubled(describe(e));
            }
        } else {
            // Silence and broken connections leave the version good; what cannot be read may have hidden something.
            mustList |= e instanceof JacksonException || !(e instanceof IOException);
            if (failures > 1) {
                troubled(describe(e));
            }
        }
        stop.await(min(pause, settings.pauses().most()).toMillis(), TimeUnit.MILLISECONDS);
    }

    private String describe(Exception e) {
        var definition = kind.definition();
        if (definition != null && e instanceof BadAnswerException answer && answer.isUnknownKind()) {
            return "The cluster does not know %s: apply the custom resource definitions of Spillway (kubectl apply -f deploy/chart/base/crds)."
                    .formatted(definition);
        }
        return "%s cannot be read: %s".formatted(kind.path(), Quoted.problem(e));
    }

    private void missed(BadAnswerException answer) {
        mustList = true;
        if (answer.isForbidden() && !isMissed) {
            isMissed = true;
            LOG.atWarn()
                    .addKeyValue("kind", kind.path())
                    .addKeyValue("why", answer.getMessage())
                    .addKeyValue("consequence", kind.missedFor())
                    .log("a kind may not be read: apply the roles of deploy/chart/base/rbac.yaml");
        }
        onFirstList.run();
    }

    private void troubled(String what) {
        if (!what.equals(problem)) {
            problem = what;
            LOG.atWarn().addKeyValue("why", what).log("feed is held up");
        }
    }

    private void settled() {
        if (!problem.isEmpty()) {
            problem = "";
            LOG.atInfo().addKeyValue("kind", kind.singular()).log("feed goes on");
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
