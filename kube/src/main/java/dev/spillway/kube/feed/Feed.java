package dev.spillway.kube.feed;

import dev.spillway.core.step.Event;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells what is in the cluster, as events: first all there is, then {@link Event.ClusterListed}, then each change. Per object
 * events come in order and an object that is gone is told to be gone, also where its deletion was never seen. Events of
 * different kinds are not ordered among themselves.
 *
 * <p>The consumer is called by several threads, one at a time per kind, and must return soon: put the event into a queue.
 */
public final class Feed implements AutoCloseable {
    private final List<KindFeed> feeds = new ArrayList<>();
    private final AtomicInteger unlisted;
    private final CountDownLatch listed = new CountDownLatch(1);
    private final Consumer<Event> events;

    /** A feed of the given kinds that counts no empty watches; nothing is sent before {@link #start}. */
    public Feed(
            ApiClient client, Set<Kind> kinds, FeedSettings settings, Consumer<Event> events, ObjectListener objects) {
        this(client, kinds, settings, events, objects, kind -> {});
    }

    /**
     * A feed of the given kinds; nothing is sent before {@link #start}.
     *
     * @param onEmptyWatch called each time that a watch of a kind ended with nothing in it
     */
    public Feed(
            ApiClient client,
            Set<Kind> kinds,
            FeedSettings settings,
            Consumer<Event> events,
            ObjectListener objects,
            Consumer<Kind> onEmptyWatch) {
        this.events = events;
        this.unlisted = new AtomicInteger(kinds.size());
        for (var kind : Kind.values()) {
            if (kinds.contains(kind)) {
                var first = new AtomicBoolean(true);
                Runnable onFirstList = () -> {
                    if (first.getAndSet(false)) {
                        firstListDone();
                    }
                };
                feeds.add(new KindFeed(
                        client, kind, settings, events, objects, onFirstList, () -> onEmptyWatch.accept(kind)));
            }
        }
    }

    /** Starts listing and watching, each kind by threads of its own. */
    public void start() {
        feeds.forEach(KindFeed::start);
    }

    /** Waits until the first complete list of every kind was delivered; false where that takes longer than the given time. */
    public boolean awaitListed(long timeout, TimeUnit unit) throws InterruptedException {
        return listed.await(timeout, unit);
    }

    /** What keeps kinds from being listed or watched, one line each; empty where all is well. */
    public List<String> problems() {
        return feeds.stream()
                .map(KindFeed::problem)
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    /** Stops; an event being delivered may still arrive. */
    @Override
    public void close() {
        feeds.forEach(KindFeed::stop);
    }

    private void firstListDone() {
        if (unlisted.decrementAndGet() == 0) {
            events.accept(new Event.ClusterListed());
            listed.countDown();
        }
    }
}
