package dev.spillway.clusterregion;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.clusterregion.pods.PodWatch;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.clusterregion.surroundings.Copies;
import dev.spillway.clusterregion.surroundings.HomeTokens;
import dev.spillway.clusterregion.surroundings.Surroundings;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the region tidy, in one thread: copies of ConfigMaps and Secrets follow the home cluster's, tokens are renewed, and pods that got no node and that nobody waits
 * for are taken back. Does nothing until it is known which pods there are.
 */
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    /** Of many steps: each copy, token and pod has the deadline of a request. What a round does not get to is for later ones. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

    private final RegionId regionId;
    private final Sender region;
    private final Sender home;
    private final Duration deadline;
    private final RegionPods pods;
    private final PodWatch watch;
    private final Surroundings surroundings;
    private final Tokens tokens;
    private final Times times;
    private final Withdrawal withdrawal;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private String trouble = ""; // of the thread

    Housekeeper(
            RegionId regionId,
            Sender region,
            Sender home,
            Duration deadline,
            RegionPods pods,
            PodWatch watch,
            Surroundings surroundings,
            Tokens tokens,
            Times times) {
        this.regionId = regionId;
        this.region = region;
        this.home = home;
        this.deadline = deadline;
        this.pods = pods;
        this.watch = watch;
        this.surroundings = surroundings;
        this.tokens = tokens;
        this.times = times;
        this.withdrawal = new Withdrawal(pods);
        this.thread = Thread.ofVirtual().name("housekeeping-" + regionId).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed.await(times.betweenRounds().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    round();
                } catch (RuntimeException bug) {
                    LOG.atError().addKeyValue("region", regionId).setCause(bug).log("housekeeping failed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round. */
    void round() {
        if (!watch.isComplete()) {
            return;
        }
        var known = pods.all();
        var naming = known.stream()
                .map(pod -> new Copies.Holder(pod.id(), pod.ownership().tags(), pod.references()))
                .toList();
        var holders = known.stream()
                .filter(KnownPod::hasTokens)
                .map(pod -> new HomeTokens.Holder(pod.id(), pod.ownership().tags()))
                .toList();
        var until = Deadline.in(LONGEST_ROUND).inSteps(deadline);
        tell(surroundings.tend(new Calls(home, until), new Calls(region, until), naming, holders));
        forgotten().forEach(this::takeBack);
    }

    private void tell(@Nullable String why) {
        var now = why == null ? "" : why;
        if (!now.isEmpty() && !now.equals(trouble)) {
            LOG.atWarn()
                    .addKeyValue("region", regionId)
                    .addKeyValue("why", now)
                    .log("copies or tokens are not up to date");
        }
        trouble = now;
    }

    private List<KnownPod> forgotten() {
        var longestRequest = deadline.multipliedBy(2);
        var age = times.forgotten().compareTo(longestRequest) > 0 ? times.forgotten() : longestRequest;
        long now = System.nanoTime();
        return pods.all().stream()
                .filter(pod -> !pod.isInstance() && !pod.isDeleting())
                .filter(pod -> now - pod.firstSeenNanos() > age.toNanos())
                .filter(pod -> !tokens.isAsking(pod.ownership().token()))
                .toList();
    }

    private void takeBack(KnownPod pod) {
        var outcome = withdrawal.withdraw(new Calls(region, Deadline.in(deadline)), pod);
        LOG.atInfo()
                .addKeyValue("region", regionId)
                .addKeyValue("pod", pod.id().instance())
                .addKeyValue("outcome", outcome.getClass().getSimpleName())
                .log("took back a pod that got no node");
    }
}
