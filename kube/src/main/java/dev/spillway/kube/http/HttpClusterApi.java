package dev.spillway.kube.http;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
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
 * The requests of one call share its deadline. Thread-safe.
 */
public final class HttpClusterApi implements ClusterApi {
    private static final Duration BIND_DEADLINE =
            Duration.ofSeconds(5); // whoever takes over waits longer than this (decision 0007)
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LIST_DEADLINE = Duration.ofSeconds(60);

    private final Sender sender;
    private final NodeLeases leases;
    private final BindingLabelsCheck labelsCheck;
    private final NodeServices services;
    private final InstantSource wallClock;

    /**
     * The port over a sender.
     *
     * @param labelsCheck what is known of the server's treatment of a Binding's labels
     * @param leases keeps the leases of the nodes put
     * @param services what there is of the virtual nodes beside what is written
     * @param wallClock for times that other programs read
     */
    public HttpClusterApi(
            Sender sender,
            BindingLabelsCheck labelsCheck,
            NodeLeases leases,
            NodeServices services,
            InstantSource wallClock) {
        this.sender = sender;
        this.labelsCheck = labelsCheck;
        this.leases = leases;
        this.services = services;
        this.wallClock = wallClock;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        var answer = send(ClusterRequests.bind(binding, labelsCheck.belief()), BIND_DEADLINE);
        if (answer instanceof WriteAnswer.Done) {
            labelsCheck.bound(binding, sender);
        }
        return answer;
    }

    @Override
    public WriteAnswer write(ClusterWrite write) {
        if (write instanceof ClusterWrite.RemoveNode(NodeName node)) {
            leases.drop(node);
        }
        var answer = send(exchange(write), DEADLINE);
        if (write instanceof ClusterWrite.PutNode(VirtualNode node) && answer instanceof WriteAnswer.Done) {
            leases.keep(node.name());
        }
        if (write instanceof ClusterWrite.RemoveNode(NodeName node) && isGone(answer)) {
            services.endpoints().removed(node);
        }
        return answer;
    }

    private static boolean isGone(WriteAnswer answer) {
        return answer instanceof WriteAnswer.Done || answer instanceof WriteAnswer.Gone;
    }

    private Exchange<WriteAnswer> exchange(ClusterWrite write) {
        var now = wallClock.instant();
        if (write instanceof ClusterWrite.WriteStatus status && status.status().source() != null) {
            return ClusterRequests.writeStatus(
                    status,
                    services.statuses().statusOf(status.status().source()).orElse(""),
                    now);
        }
        if (write instanceof ClusterWrite.PutNode(VirtualNode node)) {
            return ClusterRequests.putNode(node, services.endpoints().of(node), now);
        }
        return ClusterRequests.write(write, now);
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
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        return sender.drive(ClusterRequests.reserve(policy, expected, desired), DEADLINE, ReserveAnswer.Unknown::new);
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return sender.drive(ClusterRequests.readSelector(namespace, owner), DEADLINE, SelectorAnswer.Unknown::new);
    }

    private WriteAnswer send(Exchange<WriteAnswer> exchange, Duration deadline) {
        return sender.drive(exchange, deadline, WriteAnswer.Unknown::new);
    }
}
