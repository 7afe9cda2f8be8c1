package dev.spillway.app.controller;

import dev.spillway.core.model.Offer;
import dev.spillway.core.step.Effect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Lets the requests for one offer begin in the order in which the engine asked for them, each when the one before it was answered or
 * has had a head start; requests for different offers do not wait for one another (decision 0009). Thread-safe.
 */
final class AskOrder {
    /** With so few under way the last instance may be at stake, and who is asked for first should get it. */
    private static final int FEW = 8;

    /** Head start among few: longer than a request needs to the region, save for rare delays. */
    private static final Duration FEW_APART = Duration.ofMillis(50);

    /** Head start among many: no more than a thousand requests for one offer begin in a second; measured were some 700 (decision 0009). */
    private static final Duration MANY_APART = Duration.ofMillis(1);

    private final BiConsumer<Effect.Acquire, Progress> begin;
    private final BiConsumer<Duration, Runnable> later;

    /** Entries as long as anything waits or is under way. Guarded by itself. */
    private final Map<Offer, Line> lines = new HashMap<>();

    /** What becomes of a request; both are called once, in this order. */
    interface Progress {
        /** The call begins. */
        void begun();

        /** It was answered, in whatever way. */
        void answered();
    }

    /** A request, and the turn of the engine that made it: another one's answer may let it begin. */
    private record Request(Effect.Acquire effect, Cycle cycle) {}

    private static final class Line {
        private final ArrayDeque<Request> waiting = new ArrayDeque<>();
        private int underWay;
        private long turn; // rises each time that another one may begin
        private boolean taken; // somebody has the turn
    }

    /**
     * An order.
     *
     * @param begin makes the call, now or later, on a thread of its own
     * @param later runs something after a time
     */
    AskOrder(BiConsumer<Effect.Acquire, Progress> begin, BiConsumer<Duration, Runnable> later) {
        this.begin = begin;
        this.later = later;
    }

    /** The same, on the time of the machine. */
    AskOrder(BiConsumer<Effect.Acquire, Progress> begin) {
        this(begin, (time, action) -> delayed(time).execute(action));
    }

    private static Executor delayed(Duration time) {
        return CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The request begins in its turn. Returns at once. */
    void ask(Effect.Acquire effect) {
        var offer = effect.request().offer();
        synchronized (lines) {
            lines.computeIfAbsent(offer, o -> new Line()).waiting.add(new Request(effect, Cycle.present()));
        }
        next(offer);
    }

    private void next(Offer offer) {
        Request request;
        Progress progress;
        synchronized (lines) {
            var line = lines.get(offer);
            if (line == null || line.taken) {
                return;
            }
            request = line.waiting.poll();
            if (request == null) {
                if (line.underWay == 0) {
                    lines.remove(offer);
                }
                return;
            }
            line.taken = true;
            line.underWay++;
            progress = progress(offer, line, line.turn);
        }
        request.cycle().run(() -> begin.accept(request.effect(), progress));
    }

    private Progress progress(Offer offer, Line line, long turn) {
        return new Progress() {
            @Override
            public void begun() {
                boolean few;
                synchronized (lines) {
                    few = line.underWay + line.waiting.size() <= FEW;
                }
                later.accept(few ? FEW_APART : MANY_APART, () -> over(offer, line, turn));
            }

            @Override
            public void answered() {
                synchronized (lines) {
                    line.underWay--;
                }
                over(offer, line, turn);
            }
        };
    }

    private void over(Offer offer, Line line, long turn) {
        synchronized (lines) {
            if (line.turn == turn) {
                line.turn++;
                line.taken = false;
            }
        }
        next(offer);
    }
}
