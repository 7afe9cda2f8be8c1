package dev.spillway.core.fit;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.StorageObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Zone and region labels of bound volumes hold for the node too (kube-scheduler plugin VolumeZone). A label names several zones as
 * {@code a__b}. A node without any such label takes every volume.
 */
final class VolumeZone implements Constraint {
    /** The old names of the labels, with what a node may have instead. */
    private static final Map<String, String> NEWER = Map.of(
            "failure-domain.beta.kubernetes.io/zone", Names.ZONE,
            "failure-domain.beta.kubernetes.io/region", Names.REGION);

    private static final List<String> KEYS = List.of(
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            Names.ZONE,
            Names.REGION);

    private record Rule(String key, Set<String> values) {}

    private final List<Rule> rules = new ArrayList<>();

    VolumeZone(Pod pod, Cluster cluster) {
        for (var claim : pod.spec().onNodes().claims()) {
            var id = new StorageObject.Id(StorageObject.Kind.CLAIM, pod.key().namespace(), claim.nameFor(pod.key()));
            var found = claim.ephemeral() ? null : cluster.storage.claim(id);
            var volume = found == null ? null : cluster.storage.volume(found.volume());
            if (volume != null) {
                for (var key : KEYS) {
                    var value = volume.labels().get(key);
                    if (value != null) {
                        rules.add(new Rule(key, Set.of(value.split("__", -1))));
                    }
                }
            }
        }
    }

    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        if (KEYS.stream().allMatch(key -> node.label(key) == null)) {
            return null;
        }
        for (var rule : rules) {
            var value = node.label(rule.key());
            if (value == null) {
                value = node.label(NEWER.getOrDefault(rule.key(), rule.key()));
            }
            if (value == null || !rule.values().contains(value)) {
                return Unfit.ofRealNode("node(s) had no available volume zone");
            }
        }
        return null;
    }
}
