package dev.spillway.simulation;

import dev.spillway.kube.translate.Kind;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * S4, and the end of S1's second instance: what nobody needs any more is gone 120 s later. The clock runs while its region
 * is in order and a process is at work that could have noticed.
 */
final class Leftovers {
    private static final long SWEEP_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 120_000;

    private final World world;
    private final PodViews pods;
    private final Watchdog watchdog;
    private final Knowledge knowledge;
    private final TreeMap<String, Long> millisById = new TreeMap<>();
    private long sweptAt;
    private long longest;

    Leftovers(World world, PodViews pods, Watchdog watchdog, Knowledge knowledge) {
        this.world = world;
        this.pods = pods;
        this.watchdog = watchdog;
        this.knowledge = knowledge;
    }

    /** Longest time that a leftover has stayed. */
    long longestMillis() {
        return longest;
    }

    /** Looks once a second, whenever called. */
    void sweep() {
        long passed = world.timeline.millis() - sweptAt;
        if (passed < SWEEP_MILLIS) {
            return;
        }
        sweptAt = world.timeline.millis();
        for (var instance : watchdog.instances()) {
            if (instance.isGone()) {
                continue;
            }
            var why = superfluous(instance);
            if (why == null) {
                millisById.remove(instance.id());
            } else if (couldBeNoticed(instance)) {
                long stayed = millisById.merge(instance.id(), passed, Long::sum);
                longest = Math.max(longest, stayed);
                if (stayed > LONGEST_MILLIS) {
                    throw new ViolationException(
                            why.startsWith("second") ? "S1" : "S4",
                            "Instance %s of pod %s is left over for %d s: %s."
                                    .formatted(
                                            instance.id(), instance.last.tags().pod(), stayed / 1000, why),
                            instance.uid.value(),
                            instance.id());
                }
            }
        }
    }

    /** Why nobody needs the instance, null where somebody does. */
    @Nullable
    String superfluous(InstanceView instance) {
        var pod = pods.get(instance.uid);
        if (pod == null) {
            return "its pod is gone";
        }
        if (pod.phase().isTerminal()) {
            return "its pod has ended";
        }
        if (pod.node() != null && !pod.node().equals(instance.node())) {
            return "its pod is bound elsewhere";
        }
        var bought = pod.instance();
        if (pod.node() != null && bought != null && !bought.equals(instance.id())) {
            return "its pod is bound to instance " + bought;
        }
        boolean another =
                watchdog.instancesOf(instance.uid).stream().anyMatch(other -> other != instance && other.isLive());
        return another && instance.isLive() && (bought == null || !bought.equals(instance.id()))
                ? "second instance of its pod"
                : null;
    }

    private boolean couldBeNoticed(InstanceView instance) {
        if (!world.cloud.isAvailable(instance.region)) {
            return false;
        }
        for (var process : world.fleet.alive()) {
            if (process.isAtWork() && !knowledge.isBlindTo(process, Kind.PODS, instance.uid.value())) {
                return true;
            }
        }
        return false;
    }
}
