package dev.spillway.core.nodebind;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes room on a real node: pods of lower priority are to leave it for another one, gracefully. What got no answer is sent again as
 * long as the room is being made; where the API server refuses, the room is given up, and the pod goes on to whatever else there is (R7).
 */
public final class Preemption {
    /** How long no room is made again on a node where the API server refused to let somebody go; chosen. */
    private static final Duration REFUSED = Duration.ofMinutes(1);

    private final Step step;
    private final World world;
    private final RealNodes realNodes;
    private final Queues queues;

    /** Evictions sent and not known to have taken effect, by who has to leave. */
    private final TreeMap<PodUid, Sent> sent = new TreeMap<>();

    public Preemption(Step step, RealNodes realNodes) {
        this.step = step;
        this.world = step.world();
        this.realNodes = realNodes;
        this.queues = step.queues();
    }

    /** One eviction under way, and for whom: two pods may wait for the same one to leave. */
    private static final class Sent {
        private final List<Demand> demands = new ArrayList<>(1);
        private int tries;
    }

    private record Demand(PodState waiting, NodeSearch.Room room) {}

    /** Pods are to leave a node for this one, which waits, and takes whatever room comes first. */
    public void makeRoom(PodState state, NodeSearch.Room room) {
        state.waiting().room = room;
        realNodes.nominate(state.pod, room.node());
        step.write(new ClusterWrite.Nominate(state.pod.key(), state.pod.uid(), room.node()));
        for (var victim : room.victims()) {
            var known = sent.get(victim.uid());
            if (known == null) {
                known = new Sent();
                sent.put(victim.uid(), known);
                var why = "Preempted by %s on node %s".formatted(state.pod.key(), room.node());
                step.write(new ClusterWrite.Announce(
                        victim.key(), victim.uid(), new Announcement(false, "Preempted", why)));
                step.write(new ClusterWrite.Evict(victim.key(), victim.uid(), why));
            }
            known.demands.add(new Demand(state, room));
        }
    }

    /** An eviction was answered. */
    public void written(ClusterWrite.Evict write, WriteAnswer answer) {
        var known = sent.get(write.uid());
        if (known == null) {
            return;
        }
        switch (answer) {
            case WriteAnswer.Done() -> sent.remove(write.uid());
            case WriteAnswer.Gone() -> sent.remove(write.uid());
            case WriteAnswer.Conflict conflict -> sent.remove(write.uid()); // the name is another pod's by now
            case WriteAnswer.Refused(int code, String message) -> refused(write, known, code + " " + message);
            case WriteAnswer.Unknown unknown -> step.after(Step.pause(known.tries++), () -> again(write, known));
        }
    }

    private void again(ClusterWrite.Evict write, Sent known) {
        var victim = world.pod(write.uid());
        var useless = new ArrayList<Demand>(); // the node changed meanwhile, and nobody has to leave it for nothing
        known.demands.removeIf(demand -> {
            boolean wanted = isBeingMade(demand);
            boolean helps = wanted
                    && realNodes.takesWithout(
                            demand.waiting().pod,
                            demand.room().node(),
                            demand.room().victims());
            if (wanted && !helps) {
                useless.add(demand);
            }
            return !helps;
        });
        boolean isThere = victim != null
                && !victim.pod.deleting()
                && known.demands.stream().anyMatch(demand -> isInTheWay(victim.pod, demand.room()));
        if (isThere) {
            step.write(write);
        } else {
            sent.remove(write.uid());
        }
        useless.forEach(this::giveUp);
    }

    /** A nomination was answered; where it got lost it is said again, for autoscalers look for it. */
    public void written(ClusterWrite.Nominate write, WriteAnswer answer) {
        if (answer instanceof WriteAnswer.Unknown) {
            step.after(Step.pause(1), () -> {
                var state = world.pod(write.uid());
                var room = state == null || state.wait == null ? null : state.wait.room;
                if (state != null && room != null && room.node().equals(write.node()) && queues.isQueued(state)) {
                    step.write(write);
                }
            });
        }
    }

    private void refused(ClusterWrite.Evict write, Sent known, String why) {
        sent.remove(write.uid());
        for (var demand : known.demands) {
            if (isBeingMade(demand)) {
                var node = demand.room().node();
                var reason = new NodeReason.EvictionRefused(
                        node, write.pod(), why, step.now().plus(REFUSED));
                demand.waiting().waiting().refusedRooms.put(node, reason);
                giveUp(demand);
            }
        }
    }

    private void giveUp(Demand demand) {
        var state = demand.waiting();
        state.waiting().room = null;
        realNodes.noLongerNominated(state.pod.uid());
        step.agenda().pod(state);
        step.agenda().nodesChanged(); // the room is kept for nobody now
    }

    private boolean isBeingMade(Demand demand) {
        var state = demand.waiting();
        return world.pod(state.pod.uid()) == state
                && state.wait != null
                && demand.room().equals(state.wait.room)
                && queues.isQueued(state);
    }

    /** Whether the pod still takes up room on the node. */
    public static boolean isInTheWay(Pod victim, NodeSearch.Room room) {
        return room.node().equals(victim.node()) && !victim.phase().isTerminal();
    }
}
