package dev.spillway.app.controller;

import dev.spillway.core.cluster.Binding;
import dev.spillway.core.cluster.ClusterApi;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.PodKey;
import dev.spillway.core.cluster.PodListAnswer;
import dev.spillway.core.cluster.PodReadAnswer;
import dev.spillway.core.cluster.PodStatus;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.PolicyStatus;
import dev.spillway.core.cluster.RegionStatus;
import dev.spillway.core.cluster.ReserveAnswer;
import dev.spillway.core.cluster.SelectorAnswer;
import dev.spillway.core.cluster.VirtualNode;
import dev.spillway.core.cluster.VolumeBinding;
import dev.spillway.core.cluster.WriteAnswer;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.policy.Reserved;
import dev.spillway.core.profile.ProfileUid;
import dev.spillway.core.region.RegionId;
import org.jspecify.annotations.Nullable;

/** An API server that does to bindings, and to everything else, what the test says, and then says that it was done. */
final class FakeCluster implements ClusterApi {
    private final Runnable onBind;
    private final Runnable onOther;

    FakeCluster(Runnable onBind, Runnable onOther) {
        this.onBind = onBind;
        this.onOther = onOther;
    }

    private WriteAnswer other() {
        onOther.run();
        return new WriteAnswer.Done();
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        onBind.run();
        return new WriteAnswer.Done();
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        onOther.run();
        return new PodReadAnswer.Gone();
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        onOther.run();
        return new PodListAnswer.Unknown("not here");
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) {
        onOther.run();
        return new ReserveAnswer.Done();
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        onOther.run();
        return new SelectorAnswer.None();
    }

    @Override
    public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
        return other();
    }

    @Override
    public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
        return other();
    }

    @Override
    public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
        return other();
    }

    @Override
    public WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement) {
        return other();
    }

    @Override
    public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
        return other();
    }

    @Override
    public WriteAnswer annotate(PodKey pod, PodUid uid, Labels annotations) {
        return other();
    }

    @Override
    public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
        return other();
    }

    @Override
    public WriteAnswer nominate(PodKey pod, PodUid uid, NodeName node) {
        return other();
    }

    @Override
    public WriteAnswer removePod(PodKey pod, PodUid uid) {
        return other();
    }

    @Override
    public WriteAnswer bindVolume(VolumeBinding binding) {
        return other();
    }

    @Override
    public WriteAnswer putNode(VirtualNode node) {
        return other();
    }

    @Override
    public WriteAnswer removeNode(NodeName node) {
        return other();
    }

    @Override
    public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
        return other();
    }

    @Override
    public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
        return other();
    }
}
