package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One unit being tried for one pod: what it has answered so far. */
final class UnitTrial {
    final Walker.Subject subject;
    final int position;
    final Demand demand;
    final Instant now;
    private final String title;
    private @Nullable Pod landing;
    private boolean waitsForPods;
    private final List<Reason> reasons = new ArrayList<>();
    final List<Gate> gates = new ArrayList<>();

    /** The offer to ask for, null while none is found. */
    @Nullable
    Offer best;

    boolean bestIsProven;

    /** The real node to bind to, null while none is found. */
    @Nullable
    NodeName node;

    /** Whether answers in flight, or the time just after a start, will decide: the pod stays meanwhile. */
    boolean busy;

    /** Whether the unit can never take this pod: nothing to wait for, and nobody is evicted for it there. */
    boolean barred;

    /** Whether a cap of the unit keeps the pod out. */
    boolean atCap;

    UnitTrial(Walker.Subject subject, int position, String title, Demand demand, Instant now) {
        this.subject = subject;
        this.position = position;
        this.title = title;
        this.demand = demand;
        this.now = now;
    }

    /** The pod as it will be where this unit puts it. */
    Pod landing(NodeSearch nodes) {
        var pod = landing;
        if (pod == null) {
            pod = Landing.of(subject, demand.labels(), nodes);
            landing = pod;
        }
        return pod;
    }

    void no(Reason reason) {
        reasons.add(reason);
    }

    /** No, because the process has just started: where that is to be waited out, the pod stays, or each start would spill (decision 0004). */
    void notYet(Reason reason, boolean isWaitedOut) {
        no(reason);
        busy |= isWaitedOut;
    }

    /** No real node takes the pod. */
    void nowhere(NodeSearch.Found.Nowhere answer, NodeSearch nodes) {
        no(new NodeReason.NoNodeFits(answer.nodesByReason(), answer.shortages()));
        gates.add(new Gate.NodesGate());
        if (answer.pods()) {
            keptByPods(nodes, answer.soon());
        }
    }

    /** Other pods are in the way, or lacking. */
    void keptByPods(NodeSearch nodes, boolean soon) {
        if (!waitsForPods) {
            waitsForPods = true;
            gates.add(Gate.PodsGate.of(landing(nodes)));
        }
        busy |= soon;
    }

    boolean takesPod() {
        return best != null || node != null;
    }

    Explanation.UnitLine line() {
        return new Explanation.UnitLine(position, title, reasons);
    }
}
