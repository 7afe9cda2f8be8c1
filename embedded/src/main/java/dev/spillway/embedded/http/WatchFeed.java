package dev.spillway.embedded.http;

import dev.spillway.embedded.store.Watch;
import dev.spillway.embedded.store.WatchEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Between a watch, which belongs to the store's thread, and the connection that its events are written to.
 *
 * <p>One batch at most lies ready. While the connection has not taken it, the watch keeps its place in the history, which costs
 * nothing; a connection so slow that the history is forgotten under it gets the API's own 410 Expired.
 */
final class WatchFeed {

    /**
     * Some events.
     *
     * @param last whether the watch ends after them
     */
    record Batch(List<WatchEvent> events, boolean last) {}

    private static final Batch END = new Batch(List.of(), true);

    private final Watch watch;
    private final StoreThread thread;
    private final BlockingQueue<Batch> ready = new ArrayBlockingQueue<>(1);
    private boolean over; // of the store's thread

    WatchFeed(Watch watch, StoreThread thread) {
        this.watch = watch;
        this.thread = thread;
    }

    /** Lays the next batch ready where there is one and room for it. By the store's thread. */
    void offer(Instant now) {
        if (over || !ready.isEmpty()) {
            return;
        }
        List<WatchEvent> events = watch.poll(now);
        over = watch.isClosed();
        if (over || !events.isEmpty()) {
            ready.add(new Batch(events, over));
        }
    }

    /** Whether nothing more will come. By the store's thread. */
    boolean isOver() {
        return over;
    }

    /** Ends the watch, whatever was still to come. By the store's thread. */
    void end() {
        watch.close();
        if (!over) {
            over = true;
            ready.clear();
            ready.add(END);
        }
    }

    /** Waits for the next batch. By the connection's thread. */
    Batch take() throws InterruptedException {
        Batch batch = ready.take();
        if (!batch.last()) {
            thread.wake(this);
        }
        return batch;
    }

    /** Gives the watch up. By the connection's thread. */
    void abandon() {
        thread.abandon(this);
    }
}
