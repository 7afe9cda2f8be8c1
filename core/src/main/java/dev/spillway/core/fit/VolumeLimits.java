package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** No more volumes of a CSI driver than its CSINode says the node can attach (kube-scheduler plugin NodeVolumeLimits). */
final class VolumeLimits implements Constraint {
    private final Cluster cluster;
    private final Set<Storage.Attached> wanted;

    VolumeLimits(Pod pod, Cluster cluster) {
        this.cluster = cluster;
        this.wanted = volumesOf(pod);
    }

    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var limits = cluster.storage.limits(node.node().name());
        if (limits.isEmpty() || wanted.isEmpty()) {
            return null;
        }
        var present = new HashSet<Storage.Attached>();
        node.pods().forEach(other -> present.addAll(volumesOf(other)));
        var added = new TreeMap<String, Integer>();
        for (var volume : wanted) {
            if (!present.contains(volume)) {
                added.merge(volume.driver(), 1, Integer::sum);
            }
        }
        for (var entry : added.entrySet()) {
            long there = present.stream()
                    .filter(volume -> volume.driver().equals(entry.getKey()))
                    .count();
            if (there + entry.getValue() > limits.getOrDefault(entry.getKey(), Integer.MAX_VALUE)) {
                return Unfit.ofRealNode("node(s) exceed max volume count");
            }
        }
        return null;
    }

    private Set<Storage.Attached> volumesOf(Pod pod) {
        return Cluster.claimsOf(pod).stream()
                .map(cluster.storage::claim)
                .filter(Objects::nonNull)
                .map(cluster.storage::attached)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
