package dev.spillway.kubelet.usage;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.kubelet.usage.NodeUsage.PodUsage;
import dev.spillway.kubelet.usage.NodeUsage.Total;
import dev.spillway.regions.running.ContainerUsage;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.UsageAnswer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the pods of each virtual node use, with the counters that are kept for nodes and pods. Thread-safe. */
public final class NodeUsages {
    private final HomePods pods;
    private final Map<NodeName, Counters> countersByNode = new ConcurrentHashMap<>();

    private record Container(PodUid pod, String name) {}

    /** Of one node; used with its own lock held. */
    private static final class Counters {
        private final CpuTotal<Container> node = new CpuTotal<>();
        private Map<PodUid, CpuTotal<String>> podByUid = new HashMap<>(); // never iterated

        synchronized NodeUsage take(NodeName name, List<Measured> measured, String problem) {
            var all = new HashMap<Container, ContainerUsage>();
            var usages = new ArrayList<PodUsage>();
            var next = new HashMap<PodUid, CpuTotal<String>>();
            for (var pod : measured) {
                var uid = pod.pod.uid();
                var containers = new HashMap<String, ContainerUsage>();
                pod.containers.forEach(container -> {
                    containers.put(container.name(), container);
                    all.put(new Container(uid, container.name()), container);
                });
                var counter = podByUid.getOrDefault(uid, new CpuTotal<>());
                next.put(uid, counter);
                var total = Total.of(pod.containers, counter.take(containers));
                usages.add(new PodUsage(pod.pod.pod(), uid, total, pod.containers));
            }
            podByUid = next;
            long nanos = node.take(all);
            var containers =
                    measured.stream().flatMap(pod -> pod.containers.stream()).toList();
            var total = containers.isEmpty() ? Optional.<Total>empty() : Optional.of(Total.of(containers, nanos));
            return new NodeUsage(name, total, usages, problem);
        }
    }

    private record Measured(HomePods.Running pod, List<ContainerUsage> containers) {}

    /** Figures of these pods. */
    public NodeUsages(HomePods pods) {
        this.pods = pods;
    }

    /** As the newest figures are; asks each region that has a pod of the node, which blocks for seconds at most. */
    NodeUsage of(NodeName node) {
        var answers = new IdentityHashMap<RunningPods, UsageAnswer>();
        var measured = new ArrayList<Measured>();
        var problem = "";
        for (var pod : pods.on(node)) {
            switch (answers.computeIfAbsent(pod.region(), RunningPods::usage)) {
                case UsageAnswer.Known known -> {
                    var containers = known.of(pod.instance(), pod.uid()).stream()
                            .sorted(Comparator.comparing(ContainerUsage::name))
                            .toList();
                    if (!containers.isEmpty()) {
                        measured.add(new Measured(pod, containers));
                    }
                }
                case UsageAnswer.Unmeasured _ -> {}
                case UsageAnswer.Unknown(String why) -> problem = why;
            }
        }
        if (!problem.isEmpty()) {
            return new NodeUsage(
                    node, Optional.empty(), List.of(), problem); // a sum of some would pass for that of all
        }
        return countersByNode.computeIfAbsent(node, _ -> new Counters()).take(node, measured, problem);
    }

    /** Forgets a node that is gone. */
    public void removed(NodeName node) {
        countersByNode.remove(node);
    }

    /** What a kubelet answers to {@code /metrics/resource}. */
    public String resourceMetrics(NodeName node) {
        return ResourceMetrics.text(of(node));
    }

    /** What a kubelet answers to {@code /stats/summary}; empty where the region does not say. */
    public Optional<String> summary(NodeName node) {
        var usage = of(node);
        return usage.problem().isEmpty() ? Optional.of(StatsSummary.json(usage)) : Optional.empty();
    }
}
