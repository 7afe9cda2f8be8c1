package dev.spillway.core.nodebind;

import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sees to the volumes of a pod that is on its way to a real node: claims that wait for their first consumer get a volume there, and
 * only then is the pod bound (kube-scheduler's plugin VolumeBinding, steps Reserve, PreBind and Unreserve). What was chosen holds for
 * all other pods from the decision on.
 */
public final class VolumeBinder {
    /** After so long without volumes the pod looks for another place: kube-scheduler's default {@code bindTimeoutSeconds}. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Step step;
    private final RealNodes realNodes;
    private final Map<PodUid, Preparation> begun = new LinkedHashMap<>();

    public VolumeBinder(Step step, RealNodes realNodes) {
        this.step = step;
        this.realNodes = realNodes;
    }

    /** What becomes of it; each is told once, and only one of them, but {@link #troubled}. */
    public interface Outcome {
        /** Every claim has its volume. */
        void ready();

        /** It does not come to that. */
        void failed(String why);

        /** The API server does not take a write, which is sent again. */
        void troubled(String why);
    }

    /** The volumes of one pod on one node. */
    public static final class Preparation {
        private final PodUid pod;
        private final NodeName node;
        private final List<VolumeBinding> bindings;
        private final Set<StorageObject.Id> selected =
                new TreeSet<>(); // claims whose chosen node has been seen on them
        private @Nullable Outcome outcome;
        private int tries;

        private Preparation(PodUid pod, NodeName node, List<VolumeBinding> bindings) {
            this.pod = pod;
            this.node = node;
            this.bindings = bindings;
        }

        /** Whether the pod may be bound at once. */
        boolean isEmpty() {
            return bindings.isEmpty();
        }

        /** Names of the claims that need something. */
        List<String> claims() {
            return bindings.stream().map(binding -> binding.claim().name()).toList();
        }
    }

    /** The pod, which does not count on the node yet, shall be bound to it: what its claims need there is kept for it. */
    public Preparation choose(PodState state, NodeName node) {
        var bindings = realNodes.volumesFor(state.pod, node);
        realNodes.assumeVolumes(bindings);
        return new Preparation(state.pod.uid(), node, bindings);
    }

    /** Writes what is needed. The outcome comes later. */
    public void begin(Preparation preparation, Outcome outcome) {
        preparation.outcome = outcome;
        begun.put(preparation.pod, preparation);
        preparation.bindings.forEach(binding -> send(preparation, binding));
        step.after(PATIENCE, () -> {
            if (begun.get(preparation.pod) == preparation) {
                fail(preparation, "no volume after %d minutes".formatted(PATIENCE.toMinutes()));
            }
        });
    }

    /** The pod is bound, or goes elsewhere. */
    public void end(Preparation preparation) {
        begun.remove(preparation.pod, preparation);
        realNodes.releaseVolumes(preparation.bindings);
    }

    /** A claim is new, changed or gone. */
    public void claimChanged(StorageObject.Id claim) {
        for (var preparation : List.copyOf(begun.values())) {
            if (preparation.bindings.stream()
                    .anyMatch(binding -> binding.claim().equals(claim))) {
                look(preparation);
            }
        }
    }

    private void look(Preparation preparation) {
        boolean ready = true;
        for (var binding : preparation.bindings) {
            var claim = realNodes.claim(binding.claim());
            var problem = problem(preparation, binding, claim);
            if (problem != null) {
                fail(preparation, problem);
                return;
            }
            ready &= claim != null && claim.bound();
        }
        var outcome = preparation.outcome;
        if (ready && outcome != null) {
            begun.remove(preparation.pod);
            outcome.ready();
        }
    }

    private static @Nullable String problem(
            Preparation preparation, VolumeBinding binding, StorageObject.@Nullable Claim claim) {
        var name = binding.claim().name();
        if (claim == null || claim.deleting() || claim.lost()) {
            return "claim %s is gone or lost its volume".formatted(name);
        }
        if (claim.bound() || !(binding instanceof VolumeBinding.Provision)) {
            return null;
        }
        var chosen = claim.selectedNode();
        if (chosen.equals(preparation.node.value())) {
            preparation.selected.add(claim.id());
            return null;
        }
        if (!chosen.isEmpty()) {
            return "claim %s goes to node %s".formatted(name, chosen);
        }
        // That is how a storage driver says that it cannot make the volume there.
        return preparation.selected.contains(claim.id())
                ? "no volume could be made there for claim %s".formatted(name)
                : null;
    }

    /** A write was answered. */
    public void written(ClusterWrite.BindVolume write, WriteAnswer answer) {
        var preparation = begun.get(write.pod());
        if (preparation == null || !preparation.bindings.contains(write.binding())) {
            return;
        }
        switch (answer) {
            case WriteAnswer.Done done -> look(preparation); // where it was done before, no news of the claim will come
            case WriteAnswer.Gone gone ->
                fail(
                        preparation,
                        "claim %s or its volume is gone"
                                .formatted(write.binding().claim().name()));
            case WriteAnswer.Conflict(String message) -> fail(preparation, message);
            case WriteAnswer.Refused(int code, String message) ->
                again(preparation, write.binding(), code + " " + message);
            case WriteAnswer.Unknown(String message) -> again(preparation, write.binding(), message);
        }
    }

    private void again(Preparation preparation, VolumeBinding binding, String why) {
        var outcome = preparation.outcome;
        if (outcome != null) {
            outcome.troubled(why);
        }
        step.after(Step.pause(preparation.tries++), () -> {
            if (begun.get(preparation.pod) == preparation) {
                send(preparation, binding); // says the same again, so that a lost answer does no harm
            }
        });
    }

    private void send(Preparation preparation, VolumeBinding binding) {
        step.write(new ClusterWrite.BindVolume(preparation.pod, binding));
    }

    private void fail(Preparation preparation, String why) {
        begun.remove(preparation.pod);
        var outcome = preparation.outcome;
        if (outcome != null) {
            outcome.failed(why);
        }
    }
}
