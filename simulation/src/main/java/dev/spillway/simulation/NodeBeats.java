package dev.spillway.simulation;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Exchange;
import dev.spillway.kube.translate.NodeRequests;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Renews the Leases of one process's virtual nodes as production does: at once when a node was written, and then every 10 s. */
final class NodeBeats {
    private static final long EVERY_MILLIS = 10_000;

    private final World world;
    private final ControllerProcess process;
    private final Set<NodeName> kept = new TreeSet<>();

    NodeBeats(World world, ControllerProcess process) {
        this.world = world;
        this.process = process;
    }

    void start() {
        world.timeline.after(EVERY_MILLIS, this::round);
    }

    /** A write was answered: from then on a node has a Lease, or no more. */
    void written(Event.Written written) {
        if (written.write() instanceof ClusterWrite.PutNode(VirtualNode node)
                && written.answer() instanceof WriteAnswer.Done
                && world.judgesNodes
                && kept.add(node.name())) {
            renew(node.name());
        } else if (written.write() instanceof ClusterWrite.RemoveNode(NodeName node)) {
            kept.remove(node);
        }
    }

    /** Those that a process that stands still does not get to are not made up for. */
    private void round() {
        if (process.isAtWork()) {
            List.copyOf(kept).forEach(this::renew);
        }
        if (process.isAlive()) {
            world.timeline.after(EVERY_MILLIS, this::round);
        }
    }

    private void renew(NodeName node) {
        if (world.fleet.doLeasesGetLost() || world.chaos.strikes(Fault.API_REQUEST_LOST)) {
            return;
        }
        var exchange = NodeRequests.renewLease(node, world.timeline.now());
        while (exchange instanceof Exchange.Ask<WriteAnswer> ask) {
            exchange = ask.then().apply(world.cluster.answer(ask.request()));
        }
    }
}
