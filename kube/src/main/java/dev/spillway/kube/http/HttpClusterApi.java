package dev.spillway.kube.http;

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
import dev.spillway.kube.translate.ClusterRequests;
import dev.spillway.kube.translate.Exchange;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The core's cluster port over HTTP. Translates by {@link ClusterRequests}, sends, and answers Unknown where no response came.
 * Wishes that take several requests share one deadline. Thread-safe.
 */
public final class HttpClusterApi implements ClusterApi {
    private static final Duration BIND_DEADLINE =
            Duration.ofSeconds(5); // whoever takes over waits longer than this (decision 0007)
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LIST_DEADLINE = Duration.ofSeconds(60);

    private final Sender sender;
    private final NodeLeases leases;
    private final BindingLabelsCheck labelsCheck;
    private final InstantSource wallClock;

    /**
     * The port over a sender.
     *
     * @param labelsCheck what is known of the server's treatment of a Binding's labels
     * @param leases keeps the leases of the nodes put
     * @param wallClock for times that other programs read
     */
    public HttpClusterApi(Sender sender, BindingLabelsCheck labelsCheck, NodeLeases leases, InstantSource wallClock) {
        this.sender = sender;
        this.labelsCheck = labelsCheck;
        this.leases = leases;
        this.wallClock = wallClock;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        var answer = write(ClusterRequests.bind(binding, labelsCheck.belief()), BIND_DEADLINE);
        if (answer instanceof WriteAnswer.Done) {
            labelsCheck.bound(binding, sender);
        }
        return answer;
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        return sender.drive(ClusterRequests.readPod(pod), DEADLINE, PodReadAnswer.Unknown::new);
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        return sender.drive(ClusterRequests.listPods(namespace), LIST_DEADLINE, PodListAnswer.Unknown::new);
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) {
        return sender.drive(ClusterRequests.reserve(policy, expected, wished), DEADLINE, ReserveAnswer.Unknown::new);
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return sender.drive(ClusterRequests.readSelector(namespace, owner), DEADLINE, SelectorAnswer.Unknown::new);
    }

    @Override
    public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
        return write(ClusterRequests.explain(pod, uid, message, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
        return write(ClusterRequests.announce(pod, uid, announcement, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
        return write(ClusterRequests.announceProfile(uid, announcement, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement) {
        return write(ClusterRequests.announceNode(node, region, announcement, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
        return write(ClusterRequests.writeStatus(pod, uid, status, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer annotate(PodKey pod, PodUid uid, Labels annotations) {
        return write(ClusterRequests.annotate(pod, uid, annotations), DEADLINE);
    }

    @Override
    public WriteAnswer removePod(PodKey pod, PodUid uid) {
        return write(ClusterRequests.removePod(pod, uid), DEADLINE);
    }

    @Override
    public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
        return write(ClusterRequests.evict(pod, uid, why, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer nominate(PodKey pod, PodUid uid, NodeName node) {
        return write(ClusterRequests.nominate(pod, uid, node), DEADLINE);
    }

    @Override
    public WriteAnswer bindVolume(VolumeBinding binding) {
        return write(ClusterRequests.bindVolume(binding), DEADLINE);
    }

    @Override
    public WriteAnswer putNode(VirtualNode node) {
        var answer = write(ClusterRequests.putNode(node, wallClock.instant()), DEADLINE);
        if (answer instanceof WriteAnswer.Done) {
            leases.keep(node.name());
        }
        return answer;
    }

    @Override
    public WriteAnswer removeNode(NodeName node) {
        leases.drop(node);
        return write(ClusterRequests.removeNode(node), DEADLINE);
    }

    @Override
    public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
        return write(ClusterRequests.writeRegionStatus(region, status, wallClock.instant()), DEADLINE);
    }

    @Override
    public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
        return write(ClusterRequests.writePolicyStatus(policy, status, wallClock.instant()), DEADLINE);
    }

    private WriteAnswer write(Exchange<WriteAnswer> exchange, Duration deadline) {
        return sender.drive(exchange, deadline, WriteAnswer.Unknown::new);
    }
}
