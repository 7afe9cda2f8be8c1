package dev.spillway.core.engine;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An API server that does at once what it is told, and whose feed says so. A test replaces single answers to show what it is about; a
 * kind of effect that is not known here does not compile.
 */
final class FakeApiServer {
    final Map<PodUid, Pod> pods = new LinkedHashMap<>();
    private final Map<PolicyKey, Reserved> reserved = new TreeMap<>();
    private final Map<PolicyKey, String> uids = new TreeMap<>();
    private final Consumer<Event> feed;

    Function<Effect.Bind, WriteAnswer> onBind = this::bind;
    Function<Effect.Reserve, ReserveAnswer> onReserve = this::reserve;
    Function<ClusterWrite.WriteStatus, WriteAnswer> onStatus = write -> new WriteAnswer.Done();
    Function<ClusterWrite.Evict, WriteAnswer> onEvict = write -> new WriteAnswer.Done();
    Function<ClusterWrite.GiveUp, WriteAnswer> onGiveUp = write -> new WriteAnswer.Done();
    /** The rest of the writes: events, nominations, statuses of Regions and policies, nodes to be removed. */
    Function<ClusterWrite, WriteAnswer> onWrite = write -> new WriteAnswer.Done();

    Function<ClusterWrite.BindVolume, WriteAnswer> onVolume = write -> new WriteAnswer.Done();
    Function<Effect.ReadSelector, SelectorAnswer> onSelector = read -> new SelectorAnswer.None();

    /** {@code feed}: who is told what changes. */
    FakeApiServer(Consumer<Event> feed) {
        this.feed = feed;
    }

    /** Somebody applies a policy. */
    void declare(Policy policy) {
        var before = uids.put(policy.key(), policy.uid());
        if (before != null && !before.equals(policy.uid())) {
            reserved.remove(policy.key()); // another object, whose status is empty
        }
        feed.accept(new Event.PolicySeen(policy));
    }

    /** The pod is there, or this is what has become of it. */
    Pod put(Pod pod) {
        pods.put(pod.uid(), pod);
        feed.accept(new Event.PodSeen(pod));
        return pod;
    }

    /** Somebody deletes the pod: one that is bound is there until it is removed. */
    void delete(Pod pod) {
        var current = pods.get(pod.uid());
        if (current != null && current.node() != null) {
            put(shown(current, current.phase()).deleting().build());
        } else {
            vanish(pod);
        }
    }

    /** The pod's object is gone. */
    void vanish(Pod pod) {
        pods.remove(pod.uid());
        feed.accept(new Event.PodGone(pod.key(), pod.uid()));
    }

    /** Somebody writes a phase. */
    void show(PodUid uid, Pod.Phase phase) {
        var pod = pods.get(uid);
        if (pod != null) {
            put(shown(pod, phase).build());
        }
    }

    private static PodBuilder shown(Pod pod, Pod.Phase phase) {
        return PodBuilder.like(pod).phase(phase).ready(phase == Pod.Phase.RUNNING);
    }

    void answer(Effect effect) {
        switch (effect) {
            case Effect.Bind e -> feed.accept(new Event.BindAnswered(e, onBind.apply(e)));
            case Effect.Reserve e -> feed.accept(new Event.SlotsReserved(e, onReserve.apply(e)));
            case Effect.ReadPod e -> feed.accept(new Event.PodRead(e, read(e.pod())));
            case Effect.ListPods e -> feed.accept(new Event.PodsListed(e, list(e.namespace())));
            case Effect.ReadSelector e -> feed.accept(new Event.SelectorRead(e, onSelector.apply(e)));
            case Effect.Write(ClusterWrite e) -> {
                var answer = write(e);
                feed.accept(new Event.Written(e, answer));
                if (answer instanceof WriteAnswer.Done) {
                    takeEffect(e);
                }
            }
            case Effect.ToRegion e -> throw new AssertionError("The API server is asked for " + e);
            case Effect.WakeAt e -> throw new AssertionError("The API server is asked for " + e);
        }
    }

    private WriteAnswer write(ClusterWrite write) {
        return switch (write) {
            case ClusterWrite.WriteStatus e -> onStatus.apply(e);
            case ClusterWrite.Evict e -> onEvict.apply(e);
            case ClusterWrite.GiveUp e -> onGiveUp.apply(e);
            case ClusterWrite.BindVolume e -> onVolume.apply(e);
            case ClusterWrite.PutNode e -> onWrite.apply(e);
            case ClusterWrite.RemoveNode e -> new WriteAnswer.Done();
            case ClusterWrite.Annotate e -> onWrite.apply(e);
            case ClusterWrite.RemovePod e -> onWrite.apply(e);
            case ClusterWrite.Explain e -> onWrite.apply(e);
            case ClusterWrite.Nominate e -> onWrite.apply(e);
            case ClusterWrite.Announce e -> onWrite.apply(e);
            case ClusterWrite.AnnounceProfile e -> onWrite.apply(e);
            case ClusterWrite.AnnounceNode e -> onWrite.apply(e);
            case ClusterWrite.WriteRegionStatus e -> onWrite.apply(e);
            case ClusterWrite.WritePolicyStatus e -> onWrite.apply(e);
        };
    }

    /** What the feed says because of a write that was done. */
    private void takeEffect(ClusterWrite write) {
        switch (write) {
            case ClusterWrite.WriteStatus e -> show(e.uid(), e.status().phase());
            case ClusterWrite.Evict e -> known(e.uid()).forEach(this::delete);
            case ClusterWrite.GiveUp e -> known(e.uid()).forEach(this::delete);
            case ClusterWrite.Annotate e ->
                known(e.uid())
                        .forEach(pod -> put(shown(pod, pod.phase())
                                .annotations(pod.annotations().with(e.annotations()))
                                .build()));
            case ClusterWrite.RemovePod e -> {
                pods.remove(e.uid());
                feed.accept(new Event.PodGone(e.pod(), e.uid()));
            }
            case ClusterWrite.PutNode e -> feed.accept(new Event.NodeSeen(asSeen(e.node())));
            case ClusterWrite.RemoveNode e -> feed.accept(new Event.NodeGone(e.node()));
            case ClusterWrite.BindVolume e -> {} // a test says what becomes of volumes
            case ClusterWrite.Explain e -> {}
            case ClusterWrite.Nominate e -> {}
            case ClusterWrite.Announce e -> {}
            case ClusterWrite.AnnounceProfile e -> {}
            case ClusterWrite.AnnounceNode e -> {}
            case ClusterWrite.WriteRegionStatus e -> {}
            case ClusterWrite.WritePolicyStatus e -> {}
        }
    }

    private Stream<Pod> known(PodUid uid) {
        return Stream.ofNullable(pods.get(uid));
    }

    private static Node asSeen(VirtualNode node) {
        return new Node(node.name(), node.labels(), node.taints(), node.unschedulable(), ResourceList.EMPTY);
    }

    private PodListAnswer list(String namespace) {
        return new PodListAnswer.Complete(pods.values().stream()
                .filter(pod -> pod.key().namespace().equals(namespace))
                .toList());
    }

    PodReadAnswer read(PodKey key) {
        return pods.values().stream()
                .filter(pod -> pod.key().equals(key))
                .<PodReadAnswer>map(PodReadAnswer.Found::new)
                .findFirst()
                .orElseGet(PodReadAnswer.Gone::new);
    }

    ReserveAnswer reserve(Effect.Reserve effect) {
        var actual = reserved.getOrDefault(effect.policy(), Reserved.NONE);
        if (actual.equals(effect.desired())) {
            return new ReserveAnswer.Done();
        }
        if (!actual.equals(effect.expected())) {
            return new ReserveAnswer.Found(actual);
        }
        reserved.put(effect.policy(), effect.desired());
        return new ReserveAnswer.Done();
    }

    WriteAnswer bind(Effect.Bind effect) {
        var binding = effect.binding();
        var pod = pods.get(binding.uid());
        if (pod == null) {
            return new WriteAnswer.Gone();
        }
        if (pod.node() != null) {
            return new WriteAnswer.Conflict("pod is bound already");
        }
        put(pod.bound(binding.node(), binding.labels(), binding.annotations()));
        return new WriteAnswer.Done();
    }
}
