package dev.spillway.core.takeover;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Instances that a region's list shows and that no allocation covers. They are left alone for a while, then the pod that each was made for
 * is read from the API server's own store: nothing counts as left over but on positive evidence (R28).
 */
public final class UnclaimedInstances {
    /** So long an instance is left alone, since another process may be about to bind it. */
    private static final Duration LEAST_AGE = Duration.ofSeconds(30);

    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final Map<InstanceKey, Instant> suspectedSince = new HashMap<>();
    private final Map<PodUid, List<Instance>> suspects = new HashMap<>();

    public UnclaimedInstances(Step step, Ledger ledger) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
    }

    /** What an instance on a region's list is. */
    public sealed interface Finding {
        /** It has ended, or is being ended already, or is another region's. */
        record Settled() implements Finding {}

        /** It is what an allocation has or asks for: the list is a report about it. */
        record Claimed() implements Finding {}

        /** It is its pod's, though no allocation says so: one is made from its tags. */
        record Orphaned(PodState state) implements Finding {}

        /** Nobody is known to use it. */
        record Suspect() implements Finding {}
    }

    /** What the instance is, as far as is known without a read. */
    public Finding judge(RegionId region, Instance instance) {
        var key = new InstanceKey(region, instance.id());
        if (ledger.hasEnded(key)
                || ledger.isLeftover(key)
                || !instance.tags().offer().region().equals(region)) {
            return new Finding.Settled();
        }
        var tags = instance.tags();
        var allocation = ledger.allocation(tags.podUid());
        if (allocation != null) {
            boolean askedFor = allocation.state() instanceof AllocationState.Open
                    && allocation.region().equals(region)
                    && allocation.tags().incarnation() == tags.incarnation();
            return askedFor || allocation.isOf(instance.id()) ? new Finding.Claimed() : new Finding.Suspect();
        }
        var state = world.pod(tags.podUid());
        // Also one that its pod cannot use, being bound elsewhere or over: while it lives no other is acquired.
        return state == null || (state.pod.node() == null && state.pod.gated())
                ? new Finding.Suspect()
                : new Finding.Orphaned(state);
    }

    /** Nobody is known to use the instance: its pod is read, at once after a start ({@code first}), else when it has been so for a while. */
    public void suspect(RegionId region, Instance instance, boolean first) {
        var since = suspectedSince.putIfAbsent(new InstanceKey(region, instance.id()), step.now());
        boolean old = since != null && !step.now().isBefore(since.plus(LEAST_AGE));
        if (!first && !old) {
            return;
        }
        var tags = instance.tags();
        var waiting = suspects.computeIfAbsent(tags.podUid(), u -> new ArrayList<>());
        if (waiting.stream().noneMatch(other -> other.id().equals(instance.id()))) {
            waiting.add(instance);
        }
        step.emit(new Effect.ReadPod(tags.pod(), tags.podUid()));
    }

    /** The region's list shows these only. */
    public void present(RegionId region, Set<String> ids) {
        suspectedSince
                .keySet()
                .removeIf(key -> key.region().equals(region)
                        && !ids.contains(key.instance().value()));
    }

    /** An instance that nobody is going to use. */
    public record Leftover(Instance instance, String why) {}

    /** A quorum read of a pod: which of the instances that were made for it are left over. */
    public List<Leftover> podRead(PodUid uid, PodReadAnswer answer) {
        var leftovers = new ArrayList<Leftover>();
        var doubtful = suspects.remove(uid);
        if (doubtful == null) {
            return leftovers;
        }
        for (var instance : doubtful) {
            var why = whyLeftOver(instance, answer);
            if (why != null) {
                suspectedSince.remove(new InstanceKey(instance.tags().offer().region(), instance.id()));
                leftovers.add(new Leftover(instance, why));
            }
        }
        return leftovers;
    }

    private @Nullable String whyLeftOver(Instance instance, PodReadAnswer answer) {
        return switch (answer) {
            case PodReadAnswer.Unknown unknown -> null; // the next list asks again
            case PodReadAnswer.Gone() -> "its pod is gone";
            case PodReadAnswer.Found(Pod pod) -> whyLeftOver(instance, pod);
        };
    }

    private @Nullable String whyLeftOver(Instance instance, Pod pod) {
        if (!pod.uid().equals(instance.tags().podUid())) {
            return "its pod was replaced";
        }
        var allocation = ledger.allocation(pod.uid());
        boolean owned = allocation != null && allocation.isOf(instance.id());
        boolean runs =
                instance.id().value().equals(pod.instance()) && !pod.phase().isTerminal();
        if (owned || runs) {
            return null;
        }
        boolean elsewhere = pod.node() != null && !belongs(pod, instance);
        boolean another = allocation != null && !(allocation.state() instanceof AllocationState.Open);
        return elsewhere || another || pod.phase().isTerminal() ? "its pod has another instance or none" : null;
    }

    /** Whether the pod, which has a node, runs on this very instance. */
    private static boolean belongs(Pod pod, Instance instance) {
        var bought = pod.instance();
        return Names.nodeOf(instance.tags().offer().zone().value()).equals(pod.node())
                && (bought == null || bought.equals(instance.id().value()))
                && !pod.phase().isTerminal();
    }
}
