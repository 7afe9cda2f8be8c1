package dev.spillway.clusterregion.edits;

import dev.spillway.clusterregion.mapping.EditMapping;
import dev.spillway.clusterregion.mapping.PassedOn;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.pods.PodWatch;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.clusterregion.surroundings.Surroundings;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets pods in the region follow the pods at home. It is told numbers only: a pod whose number is not the one that its pod in the region carries is read
 * anew at both ends, a few pods at once, each by one thread at a time, and tried again while the region or the home cluster does not answer.
 * Thread-safe.
 */
public final class Follower implements AutoCloseable {
    /** For production: a region that was away for a moment is followed at once, one that stays away is not asked for much. */
    public static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int WIDTH = 4; // pods at once
    private static final int MOST = 200_000; // as many as are known of a region

    private final RegionId regionId;
    private final RegionPods pods;
    private final PodWatch watch;
    private final PassingOn passingOn;
    private final Doubling pauses;
    private final ScheduledExecutorService workers;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<PodId, Task> tasks = new HashMap<>(); // never iterated
    private boolean isClosed;
    private String barred = ""; // why no pod can be followed
    private long barredUntilNanos; // where one cannot
    private String trouble = "";

    /** What is to be done about a pod, and is until it is settled. Guarded by the lock. */
    private static final class Task {
        private String edits;
        private int times = 1; // told of
        private int failures; // in a row

        Task(String edits) {
            this.edits = edits;
        }
    }

    /** What a task was when somebody began to work on it. */
    private record Begun(String edits, int times) {}

    private Follower(RegionId regionId, RegionPods pods, PodWatch watch, PassingOn passingOn, Doubling pauses) {
        this.regionId = regionId;
        this.pods = pods;
        this.watch = watch;
        this.passingOn = passingOn;
        this.pauses = pauses;
        this.workers = Executors.newScheduledThreadPool(
                WIDTH, Thread.ofVirtual().name("follow-" + regionId + "-", 0).factory());
    }

    /**
     * One that does nothing until it is told of a pod.
     *
     * @param region to the region's API server
     * @param home to the home cluster's, for pods and for events about them
     * @param deadline of one try of one pod
     * @param clock of events at home
     */
    public static Follower of(
            RegionId regionId,
            Sender region,
            Sender home,
            Duration deadline,
            EditMapping mapping,
            RegionPods pods,
            PodWatch watch,
            Surroundings surroundings,
            Doubling pauses,
            InstantSource clock) {
        var events = new HomeEvents(regionId, home, deadline, clock);
        var passingOn = new PassingOn(region, home, deadline, mapping, pods, surroundings, events);
        return new Follower(regionId, pods, watch, passingOn, pauses);
    }

    /**
     * A home pod was seen; returns at once.
     *
     * @param edits as {@link dev.spillway.regions.running.RunningPods#edited} has it
     */
    public void edited(InstanceId instance, long edits) {
        var id = PodId.parse(instance).orElse(null);
        if (id == null) {
            return;
        }
        var number = PassedOn.number(edits);
        lock.lock();
        try {
            var task = tasks.get(id);
            if (task != null) {
                task.edits = number;
                task.times++;
            } else if (!isClosed && !isPassedOn(id, number) && tasks.size() < MOST) {
                tasks.put(id, new Task(number));
                schedule(id, Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isPassedOn(PodId id, String number) {
        var pod = pods.known(id);
        return pod != null && pod.edits().equals(number);
    }

    /** Called with the lock held. */
    private void schedule(PodId id, Duration pause) {
        var _ = workers.schedule(() -> work(id), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void work(PodId id) {
        var begun = begin(id);
        Outcome outcome;
        try {
            outcome = outcome(id, begun.edits());
        } catch (RuntimeException bug) {
            LOG.atError()
                    .addKeyValue("region", regionId)
                    .addKeyValue("pod", id.instance())
                    .setCause(bug)
                    .log("passing on what was edited failed");
            outcome = new Outcome.Gone();
        }
        end(id, begun, outcome);
    }

    private Begun begin(PodId id) {
        lock.lock();
        try {
            var task = tasks.get(id);
            return task == null ? new Begun("", 0) : new Begun(task.edits, task.times);
        } finally {
            lock.unlock();
        }
    }

    private Outcome outcome(PodId id, String edits) {
        var pod = pods.known(id);
        if (pod == null) {
            return watch.isComplete() ? new Outcome.Gone() : new Outcome.Later("its pods are not listed yet");
        }
        if (pod.isDeleting()) {
            return new Outcome.Gone();
        }
        if (pod.edits().equals(edits)) {
            return new Outcome.Settled();
        }
        var later = whileBarred();
        return later == null ? passingOn.passOn(id) : later;
    }

    /** What one pod was told holds for all others. Null where nothing is known to bar them. */
    private Outcome.@Nullable Later whileBarred() {
        lock.lock();
        try {
            var left = Duration.ofNanos(barredUntilNanos - System.nanoTime());
            return barred.isEmpty() || !left.isPositive() ? null : new Outcome.Later(barred, left);
        } finally {
            lock.unlock();
        }
    }

    private void end(PodId id, Begun begun, Outcome outcome) {
        lock.lock();
        try {
            var task = tasks.get(id);
            if (task == null || isClosed) {
                return;
            }
            switch (outcome) {
                case Outcome.Settled _, Outcome.Gone _ -> {
                    task.failures = 0;
                    if (task.times == begun.times()) {
                        tasks.remove(id);
                        trouble = tasks.isEmpty() ? "" : trouble;
                    } else {
                        schedule(id, Duration.ZERO); // told of again meanwhile: what was found may be old
                    }
                }
                case Outcome.Barred(String why) -> {
                    tell(why);
                    barred = why;
                    barredUntilNanos = System.nanoTime() + PassingOn.UNTIL_GRANTED.toNanos();
                    schedule(id, PassingOn.UNTIL_GRANTED);
                }
                case Outcome.Later(String why, Duration atLeast) -> {
                    tell(why);
                    task.failures++;
                    var pause = pauses.at(task.failures);
                    schedule(id, pause.compareTo(atLeast) < 0 ? atLeast : pause);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Once for all pods that wait for the same. */
    private void tell(String why) {
        if (!why.equals(trouble)) {
            LOG.atWarn()
                    .addKeyValue("region", regionId)
                    .addKeyValue("why", why)
                    .log("what is edited at home is not passed on now");
        }
        trouble = why;
    }

    /** Ends it; a request under way may still arrive. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            tasks.clear();
        } finally {
            lock.unlock();
        }
        workers.shutdownNow();
    }
}
