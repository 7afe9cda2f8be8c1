package dev.spillway.simulation;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.step.Event;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Planted bugs about what becomes of nodes and pods while nobody renews Leases. */
final class AbsenceBugs {
    private AbsenceBugs() {}

    /** What runs is told as ready. */
    static PlantedBug.Disturbance readyBelieved() {
        return new PlantedBug.Disturbance() {
            @Override
            public List<Event> events(Event event) {
                return event instanceof Event.PodSeen(Pod pod) && pod.node() != null && pod.phase() == Pod.Phase.RUNNING
                        ? List.of(new Event.PodSeen(like(pod, pod.deleting(), true)))
                        : List.of(event);
            }
        };
    }

    /** What is being deleted at first sight is told as if it were not, for ever. */
    static PlantedBug.Disturbance deletionMissed() {
        return new PlantedBug.Disturbance() {
            private final Set<PodUid> seen = new TreeSet<>();
            private final Set<PodUid> missed = new TreeSet<>();

            @Override
            public List<Event> events(Event event) {
                if (!(event instanceof Event.PodSeen(Pod pod))) {
                    return List.of(event);
                }
                if (seen.add(pod.uid()) && pod.deleting() && pod.node() != null) {
                    missed.add(pod.uid());
                }
                return missed.contains(pod.uid())
                        ? List.of(new Event.PodSeen(like(pod, false, pod.ready())))
                        : List.of(event);
            }
        };
    }

    /** Nodes are told without the taints of those that give no sign of life. */
    static PlantedBug.Disturbance deadNodeIgnored() {
        return new PlantedBug.Disturbance() {
            @Override
            public List<Event> events(Event event) {
                return event instanceof Event.NodeSeen(Node node)
                        ? List.of(new Event.NodeSeen(withoutTaints(node)))
                        : List.of(event);
            }

            private static Node withoutTaints(Node node) {
                var taints = node.taints().stream()
                        .filter(taint -> !taint.key().equals("node.kubernetes.io/unreachable"))
                        .toList();
                return new Node(node.name(), node.labels(), taints, node.unschedulable(), node.allocatable());
            }
        };
    }

    private static Pod like(Pod pod, boolean deleting, boolean ready) {
        return new Pod(
                pod.key(),
                pod.uid(),
                pod.createdSeconds(),
                pod.scheduledSeconds(),
                pod.labels(),
                pod.annotations(),
                pod.spec(),
                pod.node(),
                pod.phase(),
                deleting,
                pod.gated(),
                pod.owner(),
                ready,
                pod.readinessGates());
    }
}
