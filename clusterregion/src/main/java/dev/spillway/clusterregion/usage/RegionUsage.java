package dev.spillway.clusterregion.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.regions.running.UsageAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What our pods in the region use: one list of PodMetrics for all of them, at most every {@link #REMEMBERED}. The region's kubelets could be asked instead,
 * which have counters and not only rates; but the way to them through an API server takes the right {@code nodes/proxy}, which lets its holder run commands
 * in every container of the node. Thread-safe; whoever asks while another one does waits for the same answer.
 */
public final class RegionUsage {
    /** How long an answer counts, whatever it is. metrics-server has nothing newer within that time. */
    public static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** Readers of figures give a kubelet 10 s for all that it does. */
    private static final Duration LONGEST = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(RegionUsage.class);

    private final RegionId regionId;
    private final Sender region;
    private final Duration deadline;
    private final RegionPods pods;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final CpuCounters counters = new CpuCounters();
    private @Nullable UsageAnswer answer;
    private long answeredNanos;
    private String trouble = "";

    public RegionUsage(RegionId regionId, Sender region, Duration deadline, RegionPods pods) {
        this(regionId, region, deadline, pods, System::nanoTime);
    }

    RegionUsage(RegionId regionId, Sender region, Duration deadline, RegionPods pods, LongSupplier nanoClock) {
        this.regionId = regionId;
        this.region = region;
        this.deadline = deadline.compareTo(LONGEST) < 0 ? deadline : LONGEST;
        this.pods = pods;
        this.nanoClock = nanoClock;
    }

    /** The newest figures; see {@link dev.spillway.regions.running.RunningPods#usage}. */
    public UsageAnswer usage() {
        lock.lock();
        try {
            var last = answer;
            if (last != null && nanoClock.getAsLong() - answeredNanos < REMEMBERED.toNanos()) {
                return last;
            }
            var now = ask();
            answer = now;
            answeredNanos = nanoClock.getAsLong();
            tell(now);
            return now;
        } finally {
            lock.unlock();
        }
    }

    private UsageAnswer ask() {
        try {
            var response = region.send(ApiRequest.get(PodMetrics.path(pods.selector())), deadline);
            return PodMetrics.isNotServed(response)
                    ? new UsageAnswer.Unmeasured(
                            "the region has no metrics-server (metrics.k8s.io/v1beta1); install it there")
                    : answer(Calls.read(response));
        } catch (IOException e) {
            return new UsageAnswer.Unknown(Calls.reason(e));
        }
    }

    private UsageAnswer answer(Reply reply) {
        return switch (reply) {
            case Reply.Done(JsonNode list) ->
                PodMetrics.isList(list)
                        ? new UsageAnswer.Known(counted(list))
                        : new UsageAnswer.Unknown("it sent no list of PodMetrics");
            case Reply.No no
            when no.isUnauthorised() -> new UsageAnswer.Unknown(no.why() + "; grant list of pods in metrics.k8s.io");
            case Reply.No no -> new UsageAnswer.Unknown(no.why());
            case Reply.Silent silent -> new UsageAnswer.Unknown(silent.why());
        };
    }

    private Map<InstanceId, UsageAnswer.Used> counted(JsonNode list) {
        var known = pods.all();
        var podByInstance = new HashMap<InstanceId, PodUid>();
        known.forEach(pod ->
                podByInstance.put(pod.id().instance(), pod.ownership().tags().podUid()));
        var used = new HashMap<InstanceId, UsageAnswer.Used>();
        counters.take(PodMetrics.read(list, known), podByInstance.keySet()).forEach((instance, containers) -> {
            var pod = podByInstance.get(instance);
            if (pod != null) {
                used.put(instance, new UsageAnswer.Used(pod, containers));
            }
        });
        return used;
    }

    /** Once for each change, not for each answer. */
    private void tell(UsageAnswer now) {
        var why = switch (now) {
            case UsageAnswer.Known _ -> "";
            case UsageAnswer.Unmeasured(String text) -> text;
            case UsageAnswer.Unknown(String text) -> text;
        };
        if (!why.isEmpty() && !why.equals(trouble)) {
            LOG.atWarn().addKeyValue("region", regionId).addKeyValue("why", why).log("kubectl top has no figures");
        } else if (why.isEmpty() && !trouble.isEmpty()) {
            LOG.atInfo().addKeyValue("region", regionId).log("kubectl top has figures again");
        }
        trouble = why;
    }
}
