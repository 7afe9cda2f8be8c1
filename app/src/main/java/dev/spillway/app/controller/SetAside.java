package dev.spillway.app.controller;

import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods at which one engine after another threw: for a while, longer each time, the next engines are not told of them, so that all others are placed. A pod that
 * has a node is never kept back: it takes up room and counts towards caps. What a kept one may have in a region stays, since an engine ends
 * nothing of a pod that it does not know but after a read that says that the pod is gone. Kept in memory only. Thread-safe.
 */
final class SetAside {
    /** What is said about a pod that is set aside. */
    static final Announcement ANNOUNCEMENT = new Announcement(
            true,
            "SetAside",
            "Spillway failed while it looked at this pod, which is a bug of Spillway; it is left alone for a while and then tried"
                    + " again. Please report it with the controller's log.");

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
    private static final int THROWS = 2; // the first may have been chance
    private static final Doubling TIMES = new Doubling(Duration.ofMinutes(1), Duration.ofHours(1));

    private static final class Kept {
        private final Duration time;
        private boolean told;
        private @Nullable Event newest; // null where the present session has brought nothing

        private Kept(Duration time) {
            this.time = time;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<PodUid, Integer> throwsByPod = new HashMap<>(); // only looked up
    private final Map<PodUid, Kept> keptByPod = new HashMap<>(); // each alike, in any order
    private Consumer<Event> engine = _ -> {};
    private Consumer<Pod> tell = _ -> {};

    /**
     * A session begins: its feed will bring everything anew.
     *
     * @param next takes what is not kept back; must return at once
     * @param onKept tells a pod that it is set aside, once each time; must return at once
     */
    void begin(Consumer<Event> next, Consumer<Pod> onKept) {
        locked(() -> {
            engine = next;
            tell = onKept;
            keptByPod.values().forEach(kept -> kept.newest = null);
        });
    }

    /**
     * An engine threw while it looked at this pod.
     *
     * @return how long no engine is to be told of it; empty where the next one is
     */
    Optional<Duration> threwAt(PodUid pod) {
        lock.lock();
        try {
            int times = throwsByPod.merge(pod, 1, Integer::sum);
            if (times < THROWS || keptByPod.containsKey(pod)) {
                return Optional.empty();
            }
            var time = TIMES.at(times - THROWS + 1);
            keptByPod.put(pod, new Kept(time));
            return Optional.of(time);
        } finally {
            lock.unlock();
        }
    }

    /** Hands a fact on to the engine, or keeps it back. */
    void take(Event event) {
        switch (event) {
            case Event.PodSeen(Pod pod) -> locked(() -> seen(event, pod));
            case Event.PodGone gone ->
                locked(() -> {
                    throwsByPod.remove(gone.uid());
                    keptByPod.remove(gone.uid());
                    engine.accept(event);
                });
            case Event.Fact _, Event.Answer _, Event.AcquireAnswered _, Event.TimePassed _ ->
                locked(() -> engine.accept(event));
        }
    }

    /** The pod's time is over: the engine is told of it as it is now. */
    void release(PodUid pod) {
        locked(() -> {
            var kept = keptByPod.remove(pod);
            if (kept != null && kept.newest != null) {
                engine.accept(kept.newest);
            }
        });
    }

    // Called with the lock held.
    private void seen(Event event, Pod pod) {
        var kept = keptByPod.get(pod.uid());
        if (kept == null || pod.node() != null) {
            keptByPod.remove(pod.uid());
            engine.accept(event);
            return;
        }
        kept.newest = event;
        if (!kept.told) {
            kept.told = true;
            LOG.atWarn()
                    .addKeyValue("pod", pod.key())
                    .addKeyValue("seconds", kept.time.toSeconds())
                    .log("the engine failed at this pod again and again: it is set aside for a while");
            tell.accept(pod);
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
