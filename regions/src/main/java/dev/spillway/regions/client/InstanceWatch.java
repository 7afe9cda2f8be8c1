package dev.spillway.regions.client;

import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.client.RegionAnswers.Batch;
import dev.spillway.regions.client.RegionAnswers.Reading;
import dev.spillway.regions.protocol.ErrorCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes of a cluster's instances in one region: lists, then polls for changes from there. After a gap, a server
 * that started anew, or any trouble it lists again; what is missing from a list is asked for by id before it counts as gone.
 */
final class InstanceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceWatch.class);
    // Measured on one core at 500 acquires per second: a poll for each change costs as much as the acquires themselves.
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(10);
    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));
    // A poll waits for a change for many seconds: one that comes back at once without any has not waited.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final int HOLLOW_BEFORE_TROUBLE = 3;

    private record Position(String epoch, long observation) {}

    /** What came of a list or a poll. */
    private sealed interface Step {
        record At(Position position) implements Step {}

        record Gap() implements Step {}

        record Trouble(String why) implements Step {}
    }

    /** The calls that a watch needs. */
    interface Calls {
        Exchange list();

        /** Waits for a change after an observation. */
        Exchange changes(String epoch, long after);

        FindAnswer describe(InstanceId instance);
    }

    private final RegionId region;
    private final Calls calls;
    private final RegionAnswers answers;
    private final Consumer<Instance> listener;
    private final Consumer<String> trouble;
    private final Runnable onHollow;
    private final CountDownLatch closed = new CountDownLatch(1);
    // What was reported last of each instance that is not gone. Owned by the watch's thread.
    private final TreeMap<InstanceId, Instance> reported = new TreeMap<>();
    private int hollow; // polls in a row that came back at once and brought nothing; the thread's own, too

    InstanceWatch(
            RegionId region,
            Calls calls,
            RegionAnswers answers,
            Consumer<Instance> listener,
            Consumer<String> trouble,
            Runnable onHollow) {
        this.region = region;
        this.calls = calls;
        this.answers = answers;
        this.listener = listener;
        this.trouble = trouble;
        this.onHollow = onHollow;
    }

    void start() {
        Thread.ofVirtual().name("watch-" + region).start(this::run);
    }

    void close() {
        closed.countDown();
    }

    private void run() {
        Position position = null;
        boolean justListed = false;
        Duration pause = PAUSES.first();
        boolean isClosed = false;
        while (!isClosed) {
            Step step = attempt(position);
            // A gap right after a list would be a loop.
            if (step instanceof Step.Gap && justListed) {
                step = new Step.Trouble("changes are forgotten as soon as they are listed");
            }
            justListed = position == null;
            switch (step) {
                case Step.At(Position next) -> {
                    // A list alone does not end the trouble: it may be the polls that fail.
                    pause = position == null ? pause : PAUSES.first();
                    position = next;
                    isClosed = rest(BETWEEN_POLLS);
                }
                case Step.Gap() -> position = null;
                case Step.Trouble(String why) -> {
                    position = null;
                    complain(pause, why);
                    isClosed = rest(pause);
                    pause = PAUSES.after(pause);
                }
            }
        }
    }

    // The outermost loop of this thread: a listener that fails must not end the watch in silence.
    private Step attempt(@Nullable Position position) {
        try {
            return position == null ? list() : poll(position);
        } catch (RuntimeException bug) {
            LOG.atError().addKeyValue("region", region).setCause(bug).log("watching a region failed");
            return new Step.Trouble("failed: " + bug);
        }
    }

    private void complain(Duration pause, String why) {
        if (closed.getCount() == 0) {
            return;
        }
        trouble.accept(why);
        var line = pause.equals(PAUSES.first()) ? LOG.atWarn() : LOG.atDebug();
        line.addKeyValue("region", region)
                .addKeyValue("why", why)
                .addKeyValue("pauseMillis", pause.toMillis())
                .log("watching a region pauses");
    }

    /** Waits; whether the watch was closed before or meanwhile. */
    private boolean rest(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Step list() {
        return step(answers.batch(calls.list()), batch -> {
            Set<InstanceId> listed = new HashSet<>();
            for (Instance instance : batch.instances()) {
                listed.add(instance.id());
                report(instance);
            }
            String doubt = settleMissing(listed);
            return doubt == null ? at(batch) : new Step.Trouble(doubt);
        });
    }

    private Step poll(Position position) {
        long began = System.nanoTime();
        Exchange exchange = calls.changes(position.epoch(), position.observation());
        if (exchange instanceof Exchange.Answered(int status, String body)
                && answers.isError(ErrorCode.CHANGES_FORGOTTEN, status, body)) {
            return new Step.Gap();
        }
        return step(answers.batch(exchange), batch -> {
            if (!batch.epoch().equals(position.epoch()) || batch.observation() < position.observation()) {
                return new Step.Gap();
            }
            batch.instances().forEach(this::report);
            boolean atOnce = System.nanoTime() - began < AT_ONCE.toNanos();
            return atOnce && batch.observation() == position.observation() ? hollow(batch) : full(batch);
        });
    }

    private Step full(Batch batch) {
        hollow = 0;
        return at(batch);
    }

    // That the region answered proves nothing: until it does better, lists tell what happens there.
    private Step hollow(Batch batch) {
        hollow++;
        onHollow.run();
        return hollow < HOLLOW_BEFORE_TROUBLE
                ? at(batch)
                : new Step.Trouble("each poll for changes is answered at once with nothing in it");
    }

    private static Step at(Batch batch) {
        return new Step.At(new Position(batch.epoch(), batch.observation()));
    }

    private static Step step(Reading<Batch> reading, Function<Batch, Step> good) {
        return switch (reading) {
            case Reading.Good<Batch>(Batch batch) -> good.apply(batch);
            case Reading.Bad<Batch>(String why) -> new Step.Trouble(why);
        };
    }

    /** Asks by id for what was reported and is not listed. Why one could not be settled, or null. */
    private @Nullable String settleMissing(Set<InstanceId> listed) {
        String doubt = null;
        for (Instance missing : List.copyOf(reported.values())) {
            if (listed.contains(missing.id())) {
                continue;
            }
            switch (calls.describe(missing.id())) {
                case FindAnswer.Found(Instance instance) -> report(instance);
                case FindAnswer.NotFound() -> report(gone(missing));
                case FindAnswer.Unknown(String why) -> doubt = why;
            }
        }
        return doubt;
    }

    // The region remembers nothing of it, so nothing is known but that it is gone.
    private static Instance gone(Instance last) {
        return new Instance(
                last.id(),
                last.tags(),
                Instance.State.GONE,
                last.observation() + 1,
                last.ip(),
                last.hostIp(),
                last.startedAt(),
                last.finishedAt(),
                last.exitCode(),
                last.reason(),
                last.message(),
                last.containers());
    }

    private void report(Instance instance) {
        Instance before = reported.get(instance.id());
        if (before != null && before.observation() >= instance.observation()) {
            return;
        }
        if (instance.state() == Instance.State.GONE) {
            reported.remove(instance.id());
        } else {
            reported.put(instance.id(), instance);
        }
        listener.accept(instance);
    }
}
