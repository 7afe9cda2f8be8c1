package dev.spillway.app.controller;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.Event;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.RunningPods;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which pod of the home cluster runs as which instance, for whoever wants its logs or figures: what the pods themselves say, as the feed brings it. No
 * more is kept of a pod than that: the feed's record is not the one that the engine keeps, and would be a second whole one. Thread-safe.
 */
final class BoundPods implements HomePods {
    private final Function<RegionId, RunningPods> regions;
    private final Map<PodKey, Bound> podByKey = new ConcurrentHashMap<>();
    private final Map<NodeName, Map<PodKey, Bound>> podsByNode = new ConcurrentHashMap<>(); // none of them empty
    private final Map<NodeName, RegionId> regionByNode = new ConcurrentHashMap<>();

    BoundPods(Function<RegionId, RunningPods> regions) {
        this.regions = regions;
    }

    /** What is kept of a pod. */
    private record Bound(PodKey key, PodUid uid, NodeName node, InstanceId instance) {
        static @Nullable Bound of(Pod pod) {
            var instance = pod.instance();
            var node = pod.node();
            if (instance == null || node == null) {
                return null;
            }
            return new Bound(pod.key(), pod.uid(), node, new InstanceId(instance));
        }
    }

    /** A new session is told everything anew. */
    void clear() {
        podByKey.clear();
        podsByNode.clear();
        regionByNode.clear();
    }

    /** Takes in a fact; those of other kinds than pods and nodes are passed over. */
    void seen(Event fact) {
        switch (fact) {
            case Event.PodSeen(Pod pod) -> {
                var bound = Bound.of(pod);
                if (bound != null) {
                    forget(pod.key(), podByKey.put(pod.key(), bound), bound.node());
                    podsByNode
                            .computeIfAbsent(bound.node(), _ -> new ConcurrentHashMap<>())
                            .put(pod.key(), bound);
                } else {
                    forget(pod.key(), podByKey.remove(pod.key()), null);
                }
            }
            case Event.PodGone gone -> {
                var pod = podByKey.get(gone.pod());
                if (pod != null && pod.uid().equals(gone.uid())) {
                    forget(gone.pod(), podByKey.remove(gone.pod()), null);
                }
            }
            case Event.NodeSeen(Node node) -> nodeSeen(node);
            case Event.NodeGone(NodeName node) -> regionByNode.remove(node);
            case Event.Fact _, Event.Answer _, Event.AcquireAnswered _, Event.TimePassed _ -> {}
        }
    }

    private void nodeSeen(Node node) {
        var region = node.labels().get(Names.REGION);
        if (node.isVirtual() && region != null) {
            regionByNode.put(node.name(), new RegionId(region));
        } else {
            regionByNode.remove(node.name());
        }
    }

    /** Pods are seen by one thread, so that both maps agree. */
    private void forget(PodKey key, @Nullable Bound pod, @Nullable NodeName now) {
        if (pod != null && !pod.node().equals(now)) {
            podsByNode.computeIfPresent(pod.node(), (_, pods) -> {
                pods.remove(key);
                return pods.isEmpty() ? null : pods;
            });
        }
    }

    @Override
    public Optional<Running> find(PodKey key) {
        var pod = podByKey.get(key);
        return pod == null ? Optional.empty() : running(pod);
    }

    @Override
    public RunningPods in(RegionId region) {
        return regions.apply(region);
    }

    @Override
    public List<Running> on(NodeName node) {
        return podsByNode.getOrDefault(node, Map.of()).values().stream()
                .flatMap(pod -> running(pod).stream())
                .sorted(Comparator.comparing(Running::pod))
                .toList();
    }

    private Optional<Running> running(Bound pod) {
        var region = regionByNode.get(pod.node()); // the pod's own label is its owner's to edit
        return region == null
                ? Optional.empty()
                : Optional.of(
                        new Running(pod.key(), pod.uid(), pod.node(), pod.instance(), region, regions.apply(region)));
    }
}
