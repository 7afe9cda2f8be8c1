package dev.spillway.app.controller;

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
