package dev.spillway.app.monitoring;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import org.jspecify.annotations.Nullable;

/** The cluster's port that counts what passes. */
final class MeteredCluster implements ClusterApi {
    private final ClusterApi cluster;
    private final Meters meters;

    MeteredCluster(ClusterApi cluster, Meters meters) {
        this.cluster = cluster;
        this.meters = meters;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        var answer = meters.timed("bind", () -> cluster.bind(binding));
        if (answer instanceof WriteAnswer.Done) {
            meters.bound(binding.uid(), binding.node());
        }
        return answer;
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        return meters.timed("read-pod", () -> cluster.readPod(pod));
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        return meters.timed("list-pods", () -> cluster.listPods(namespace));
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) {
        return meters.timed("reserve", () -> cluster.reserve(policy, expected, wished));
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return meters.timed("read-selector", () -> cluster.readSelector(namespace, owner));
    }

    @Override
    public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
        return meters.timed("explain", () -> cluster.explain(pod, uid, message));
    }

    @Override
    public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
        return meters.timed("announce", () -> cluster.announce(pod, uid, announcement));
    }

    @Override
    public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
        return meters.timed("announce", () -> cluster.announceProfile(uid, announcement));
    }

    @Override
    public WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement) {
        return meters.timed("announce", () -> cluster.announceNode(node, region, announcement));
    }

    @Override
    public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
        return meters.timed("write-status", () -> cluster.writeStatus(pod, uid, status));
    }

    @Override
    public WriteAnswer annotate(PodKey pod, PodUid uid, Labels annotations) {
        return meters.timed("annotate", () -> cluster.annotate(pod, uid, annotations));
    }

    @Override
    public WriteAnswer removePod(PodKey pod, PodUid uid) {
        return meters.timed("remove-pod", () -> cluster.removePod(pod, uid));
    }

    @Override
    public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
        return meters.timed("evict", () -> cluster.evict(pod, uid, why));
    }

    @Override
    public WriteAnswer nominate(PodKey pod, PodUid uid, NodeName node) {
        return meters.timed("nominate", () -> cluster.nominate(pod, uid, node));
    }

    @Override
    public WriteAnswer bindVolume(VolumeBinding binding) {
        return meters.timed("bind-volume", () -> cluster.bindVolume(binding));
    }

    @Override
    public WriteAnswer putNode(VirtualNode node) {
        return meters.timed("put-node", () -> cluster.putNode(node));
    }

    @Override
    public WriteAnswer removeNode(NodeName node) {
        return meters.timed("remove-node", () -> cluster.removeNode(node));
    }

    @Override
    public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
        return meters.timed("write-region-status", () -> cluster.writeRegionStatus(region, status));
    }

    @Override
    public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
        return meters.timed("write-policy-status", () -> cluster.writePolicyStatus(policy, status));
    }
}
