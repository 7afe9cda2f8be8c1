package dev.spillway.core.fit;

import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pod's PersistentVolumeClaims (kube-scheduler plugins VolumeBinding and VolumeRestrictions): bound ones are reached from the
 * node; those that wait for their first consumer find a volume there or can get one made; ReadWriteOncePod is in nobody else's use.
 */
final class Claims implements Constraint {
    private static final String NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    private final Storage storage;
    private final List<StorageObject.Claim> bound = new ArrayList<>();
    private final List<StorageObject.Claim> waiting = new ArrayList<>();
    private final @Nullable String problem; // of the pod on whatever node

    Claims(Pod pod, Cluster cluster) {
        storage = cluster.storage;
        String first = null;
        for (var claim : pod.spec().onNodes().claims()) {
            var found = sort(pod, claim, cluster);
            first = first == null ? found : first;
        }
        problem = first;
        waiting.sort(Comparator.comparingLong(
                        (StorageObject.Claim claim) -> claim.terms().bytes())
                .thenComparing(StorageObject.Claim::name));
    }

    private @Nullable String sort(Pod pod, NodeRules.Claim named, Cluster cluster) {
        var name = named.nameFor(pod.key());
        var id = new StorageObject.Id(StorageObject.Kind.CLAIM, pod.key().namespace(), name);
        var claim = storage.claim(id);
        if (claim == null) {
            return named.ephemeral()
                    ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"%s\""
                            .formatted(name)
                    : "persistentvolumeclaim \"%s\" not found".formatted(name);
        }
        if (claim.lost()) {
            return "persistentvolumeclaim \"%s\" bound to non-existent persistentvolume \"%s\""
                    .formatted(name, claim.volume());
        }
        if (claim.deleting()) {
            return "persistentvolumeclaim \"%s\" is being deleted".formatted(name);
        }
        if (named.ephemeral() && !claim.owner().equals(pod.uid().value())) {
            return "persistentvolumeclaim \"%s\" was not created for this pod".formatted(name);
        }
        if (!named.ephemeral() && isUsedByAnother(claim, cluster)) {
            return "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use"
                    + " by another pod";
        }
        return sort(claim);
    }

    private static boolean isUsedByAnother(StorageObject.Claim claim, Cluster cluster) {
        return claim.terms().accessModes().contains("ReadWriteOncePod")
                && cluster.claims.nodesOf(claim.id()).keySet().stream().anyMatch(NodeState::isKnown);
    }

    private @Nullable String sort(StorageObject.Claim claim) {
        if (claim.bound() && !claim.volume().isEmpty()) {
            bound.add(claim);
            return null;
        }
        var storageClass = storage.storageClass(claim.terms().storageClass());
        if (storageClass != null
                && storageClass.waitsForConsumer()
                && claim.volume().isEmpty()) {
            waiting.add(claim);
            return null;
        }
        return "pod has unbound immediate PersistentVolumeClaims";
    }

    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var found = problem != null ? problem : problemOn(node);
        return found == null ? null : Unfit.ofRealNode(found);
    }

    private @Nullable String problemOn(NodeState node) {
        for (var claim : bound) {
            var volume = storage.volume(claim.volume());
            if (volume == null) {
                return "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
            }
            if (!reaches(node, volume)) {
                return "node(s) didn't match PersistentVolume's node affinity";
            }
        }
        return bindings(node) == null ? NO_VOLUME : null;
    }

    /** What has to be written so that the claims that still wait get volumes that the node reaches; null where that cannot be had. */
    @Nullable
    List<VolumeBinding> bindings(NodeState node) {
        var bindings = new ArrayList<VolumeBinding>(waiting.size());
        for (var claim : waiting) {
            var binding = binding(claim, node, bindings);
            if (binding == null) {
                return null;
            }
            bindings.add(binding);
        }
        return bindings;
    }

    private @Nullable VolumeBinding binding(StorageObject.Claim claim, NodeState node, List<VolumeBinding> others) {
        var name = node.node().name();
        if (claim.selectedNode().isEmpty()) {
            var volume = findVolume(claim, node, others);
            if (volume != null) {
                return new VolumeBinding.Reserve(
                        volume.name(), new StorageObject.ClaimRef(claim.namespace(), claim.name(), claim.uid()));
            }
        } else if (!claim.selectedNode().equals(name.value())) {
            return null;
        }
        return canBeMade(claim, node) ? new VolumeBinding.Provision(claim.id(), claim.uid(), name) : null;
    }

    private static boolean isTaken(StorageObject.Volume volume, List<VolumeBinding> others) {
        return others.stream()
                .anyMatch(other ->
                        other instanceof VolumeBinding.Reserve it && it.volume().equals(volume.name()));
    }

    /** The smallest volume that serves the claim from the node; null where there is none. */
    private StorageObject.@Nullable Volume findVolume(
            StorageObject.Claim claim, NodeState node, List<VolumeBinding> others) {
        StorageObject.Volume smallest = null;
        for (var volume : storage.volumesOf(claim.terms().storageClass())) {
            if (isTaken(volume, others) || !serves(volume, claim)) {
                continue;
            }
            if (isReservedFor(volume, claim)) {
                return reaches(node, volume) ? volume : null;
            }
            boolean isFree = volume.available() && claim.selector().selects(volume.labels());
            if (isFree
                    && volume.terms().accessModes().containsAll(claim.terms().accessModes())
                    && reaches(node, volume)
                    && (smallest == null
                            || volume.terms().bytes() < smallest.terms().bytes())) {
                smallest = volume;
            }
        }
        return smallest;
    }

    private static boolean serves(StorageObject.Volume volume, StorageObject.Claim claim) {
        return (volume.claim().name().isEmpty() || isReservedFor(volume, claim))
                && volume.terms().bytes() >= claim.terms().bytes()
                && volume.terms().mode().equals(claim.terms().mode())
                && volume.terms().attributes().equals(claim.terms().attributes())
                && !volume.deleting();
    }

    private static boolean isReservedFor(StorageObject.Volume volume, StorageObject.Claim claim) {
        var by = volume.claim();
        return by.name().equals(claim.name())
                && by.namespace().equals(claim.namespace())
                && (by.uid().isEmpty() || by.uid().equals(claim.uid()));
    }

    private boolean canBeMade(StorageObject.Claim claim, NodeState node) {
        var storageClass = storage.storageClass(claim.terms().storageClass());
        if (storageClass == null
                || storageClass.provisioner().isEmpty()
                || storageClass.provisioner().equals(NO_PROVISIONER)) {
            return false;
        }
        return storageClass.topologies().isEmpty()
                || storageClass.topologies().stream()
                        .anyMatch(topology -> topology.entrySet().stream().allMatch(entry -> {
                            var value = node.label(entry.getKey());
                            return value != null && entry.getValue().contains(value);
                        }));
    }

    private static boolean reaches(NodeState node, StorageObject.Volume volume) {
        var terms = volume.nodeTerms();
        return terms == null
                || terms.stream()
                        .anyMatch(term -> !term.isEmpty()
                                && term.stream()
                                        .allMatch(requirement -> requirement.holds(
                                                node.node().name(), node.node().labels())));
    }
}
