package dev.spillway.trials.scenario.fault;

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

/** The cluster's port as it is; a fault overrides what it disturbs. */
class PassingCluster implements ClusterApi {
    private final ClusterApi cluster;

    PassingCluster(ClusterApi cluster) {
        this.cluster = cluster;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        return cluster.bind(binding);
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        return cluster.readPod(pod);
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        return cluster.listPods(namespace);
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) {
        return cluster.reserve(policy, expected, wished);
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return cluster.readSelector(namespace, owner);
    }

    @Override
    public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
        return cluster.explain(pod, uid, message);
    }

    @Override
    public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
        return cluster.announce(pod, uid, announcement);
    }

    @Override
    public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
        return cluster.announceProfile(uid, announcement);
    }

    @Override
    public WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement) {
        return cluster.announceNode(node, region, announcement);
    }

    @Override
    public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
        return cluster.writeStatus(pod, uid, status);
    }

    @Override
    public WriteAnswer annotate(PodKey pod, PodUid uid, Labels annotations) {
        return cluster.annotate(pod, uid, annotations);
    }

    @Override
    public WriteAnswer removePod(PodKey pod, PodUid uid) {
        return cluster.removePod(pod, uid);
    }

    @Override
    public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
        return cluster.evict(pod, uid, why);
    }

    @Override
    public WriteAnswer nominate(PodKey pod, PodUid uid, NodeName node) {
        return cluster.nominate(pod, uid, node);
    }

    @Override
    public WriteAnswer bindVolume(VolumeBinding binding) {
        return cluster.bindVolume(binding);
    }

    @Override
    public WriteAnswer putNode(VirtualNode node) {
        return cluster.putNode(node);
    }

    @Override
    public WriteAnswer removeNode(NodeName node) {
        return cluster.removeNode(node);
    }

    @Override
    public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
        return cluster.writeRegionStatus(region, status);
    }

    @Override
    public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
        return cluster.writePolicyStatus(policy, status);
    }
}
