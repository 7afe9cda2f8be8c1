package dev.spillway.core.report;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/**
 * Warns that somebody deletes virtual nodes, which are made anew at once: the first time, and then with how often at most every ten
 * minutes, for whatever deletes them does so again and again (R25.1).
 */
public final class NodeDeletions {
    private static final Duration EVERY = Duration.ofMinutes(10);

    /** After so long without a deletion the next one is a first one. */
    private static final Duration OVER_AFTER = Duration.ofHours(1);

    private final Step step;
    private final TreeMap<NodeName, Losses> lossesByNode = new TreeMap<>();

    /** What one node has gone through. */
    private static final class Losses {
        private final Instant since;
        private Instant last;
        private Instant toldAt;
        private int count;
        private int told;
        private boolean due;

        private Losses(Instant now) {
            this.since = now;
            this.last = now;
            this.toldAt = now;
        }
    }

    public NodeDeletions(Step step) {
        this.step = step;
    }

    /** Somebody deleted a node that is asked for. */
    public void lost(VirtualNode node) {
        var now = step.now();
        var losses = lossesByNode.get(node.name());
        if (losses == null || losses.last.plus(OVER_AFTER).isBefore(now)) {
            losses = new Losses(now);
            lossesByNode.put(node.name(), losses);
        }
        losses.last = now;
        losses.count++;
        if (losses.told == 0 || !now.isBefore(losses.toldAt.plus(EVERY))) {
            tell(node, losses);
        } else if (!losses.due) {
            losses.due = true;
            var later = losses;
            step.at(losses.toldAt.plus(EVERY), () -> {
                later.due = false;
                if (later.count > later.told) {
                    tell(node, later);
                }
            });
        }
    }

    private void tell(VirtualNode node, Losses losses) {
        losses.told = losses.count;
        losses.toldAt = step.now();
        var often = losses.count == 1 ? "" : ", %d times since %s".formatted(losses.count, Reason.second(losses.since));
        var text =
                "Node %s was deleted%s and made anew, since Region %s declares its zone: find out who deletes it, or take it out of use with kubectl cordon, or remove the zone from the Region"
                        .formatted(node.name(), often, node.region());
        step.write(new ClusterWrite.AnnounceNode(
                node.name(), node.region(), new Announcement(true, "VirtualNodeDeleted", text)));
    }
}
