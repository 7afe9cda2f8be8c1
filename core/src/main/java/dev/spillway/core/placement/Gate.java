package dev.spillway.core.placement;

import dev.spillway.core.cluster.Owner;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.Offer;

/** What a waiting pod waits for, beyond changes of declared objects. */
public sealed interface Gate extends Comparable<Gate> {
    /** An offer that may be asked again. */
    record OfferGate(Offer offer) implements Gate {}

    /** Who is in a unit: a slot below its cap, or the end of its terminating pods; index from 1. */
    record UnitGate(PolicyKey policy, int unit) implements Gate {}

    /** The real nodes and what runs on them. */
    record NodesGate() implements Gate {}

    /** The selector of an owner of pods, which is being read. */
    record OwnerGate(String namespace, Owner owner) implements Gate {}

    @Override
    default int compareTo(Gate other) {
        int order = Integer.compare(sort(), other.sort());
        if (order == 0 && this instanceof OfferGate mine && other instanceof OfferGate theirs) {
            order = mine.offer().compareTo(theirs.offer());
        }
        if (order == 0 && this instanceof UnitGate mine && other instanceof UnitGate theirs) {
            order = mine.policy().compareTo(theirs.policy());
            order = order != 0 ? order : Integer.compare(mine.unit(), theirs.unit());
        }
        if (order == 0 && this instanceof OwnerGate mine && other instanceof OwnerGate theirs) {
            order = mine.owner().uid().compareTo(theirs.owner().uid());
        }
        return order;
    }

    private int sort() {
        return switch (this) {
            case OfferGate offer -> 0;
            case UnitGate unit -> 1;
            case NodesGate nodes -> 2;
            case OwnerGate owner -> 3;
        };
    }
}
