package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the real nodes answer one pod: which of them takes it, and where pods of lower priority could make room for it. */
final class NodeCheck {
    private final NodeSearch nodes;
    private final Walker.Facts facts;
    private final StartBarrier start;

    NodeCheck(NodeSearch nodes, Walker.Facts facts, StartBarrier start) {
        this.nodes = nodes;
        this.facts = facts;
        this.start = start;
    }

    /** The nodes of a unit of real nodes. */
    static Predicate<Node> nodesOf(Unit unit) {
        return node -> node.labels().containsAll(unit.nodeSelector());
    }

    /** Which of the nodes in {@code within} takes the pod. */
    UnitAnswer.OfNodes answer(Applicant applicant, Predicate<Node> within) {
        return switch (nodes.find(applicant.landing(nodes), within)) {
            case NodeSearch.Found.On(NodeName node) -> new UnitAnswer.OnNode(node);
            case NodeSearch.Found.Nowhere nowhere -> nowhere(applicant, nowhere);
        };
    }

    private UnitAnswer.Declined nowhere(Applicant applicant, NodeSearch.Found.Nowhere nowhere) {
        List<Reason> reasons = List.of(new NodeReason.NoNodeFits(nowhere.nodesByReason(), nowhere.shortages()));
        List<Gate> gates = nowhere.pods()
                ? List.of(new Gate.NodesGate(), applicant.otherPods(nodes))
                : List.of(new Gate.NodesGate());
        return nowhere.pods() && nowhere.soon()
                ? new UnitAnswer.NotYet(reasons, gates)
                : new UnitAnswer.NoRoom(reasons, gates);
    }

    /** Pods are just leaving one of these nodes for the pod; null where none are. */
    @Nullable
    Reason roomBeingMade(Applicant applicant, Predicate<Node> within) {
        var room = applicant.subject().roomBeingMade();
        var node = room == null ? null : facts.node(room.node());
        return room == null || node == null || !within.test(node) ? null : makingRoom(room);
    }

    /**
     * What came of the search for room.
     *
     * @param room where, and who has to leave; null where that is nowhere worth while
     * @param reasons what is told of it
     */
    record Making(NodeSearch.@Nullable Room room, List<Reason> reasons) {
        static final Making NOTHING = new Making(null, List.of());
    }

    /** The node in {@code within} that is worth evicting pods from, while none are leaving one for the pod already. */
    Making makeRoom(Applicant applicant, Predicate<Node> within) {
        var subject = applicant.subject();
        if (subject.roomBeingMade() != null || !start.silent(subject).isEmpty()) { // it may have an instance already
            return Making.NOTHING;
        }
        var reasons = new ArrayList<Reason>();
        var refused = new TreeSet<NodeName>();
        for (var refusal : subject.refusedRooms().values()) {
            var node = facts.node(refusal.node());
            if (node != null && within.test(node) && applicant.now().isBefore(refusal.nextTry())) {
                refused.add(node.name());
                reasons.add(refusal);
            }
        }
        var room =
                nodes.makeRoom(applicant.landing(nodes), node -> within.test(node) && !refused.contains(node.name()));
        if (room != null) {
            reasons.add(makingRoom(room));
        }
        return new Making(room, reasons);
    }

    private static Reason makingRoom(NodeSearch.Room room) {
        return new NodeReason.MakingRoom(room.node(), room.victims().size());
    }
}
