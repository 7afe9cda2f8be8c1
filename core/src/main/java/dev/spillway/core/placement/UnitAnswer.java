package dev.spillway.core.placement;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.Reason;
import java.util.List;

/** What one unit of a policy answers one pod; for a pod without units, what the one place answers that it may go to. */
sealed interface UnitAnswer {
    /** What regions may answer. */
    sealed interface OfRegions extends UnitAnswer {}

    /** What real nodes may answer. */
    sealed interface OfNodes extends UnitAnswer {}

    /** It takes the pod: this offer is asked for. */
    record Ask(Offer offer) implements OfRegions {}

    /** It takes the pod, on this node. */
    record OnNode(NodeName node) implements OfNodes {}

    /** It does not take the pod. */
    sealed interface Declined extends OfRegions, OfNodes {
        /** Why, for people. */
        List<Reason> reasons();

        /** What may change it, besides changes of declared objects. */
        List<Gate> gates();
    }

    /**
     * Answers in flight, or the time just after a start, will decide. The pod stays meanwhile: the order of units is a hard rule, and
     * each start would spill otherwise (decision 0004).
     */
    record NotYet(List<Reason> reasons, List<Gate> gates) implements Declined {}

    /**
     * It cannot take this pod as things are declared, so the pod never stays with it, and nobody is evicted for it there. A gate may still open
     * what bars it: the selector of the pod's owner that could not be read.
     */
    record Barred(List<Reason> reasons, List<Gate> gates) implements Declined {}

    /** A cap of the unit keeps the pod out; nobody is evicted for it. */
    record AtCap(List<Reason> reasons, List<Gate> gates) implements Declined {}

    /** Nothing of it is free for the pod now: no region may be asked for it (one that is not declared counts as such, R5.11), and no node takes it. */
    record NoRoom(List<Reason> reasons, List<Gate> gates) implements Declined {}

    /** No room, for this reason alone. */
    static Declined noRoom(Reason reason) {
        return new NoRoom(List.of(reason), List.of());
    }

    /** Not yet, for this reason alone. */
    static Declined notYet(Reason reason) {
        return new NotYet(List.of(reason), List.of());
    }

    /** Barred, for this reason alone. */
    static Declined barred(Reason reason) {
        return new Barred(List.of(reason), List.of());
    }
}
