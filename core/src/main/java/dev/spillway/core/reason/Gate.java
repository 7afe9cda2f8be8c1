package dev.spillway.core.reason;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;

/** What a waiting pod waits for, beyond changes of declared objects. */
public sealed interface Gate extends Comparable<Gate> {
    /** An offer that may be asked again. */
    record OfferGate(Offer offer) implements Gate {}

    /** Who is in a unit: a slot below its cap, or the end of its terminating pods; index from 1. */
    record UnitGate(PolicyKey policy, int unit) implements Gate {}

    /** The end of every instance that pods of this name have left behind. */
    record NameGate(PodKey pod) implements Gate {}

    /** The real nodes and what runs on them. */
    record NodesGate() implements Gate {}

    /** The selector of an owner of pods, which is being read. */
    record OwnerGate(String namespace, Owner owner) implements Gate {}

    /**
     * Other pods: those that the rules speak about, and those whose rules speak about a pod with these labels. Pods of one template
     * wait at one gate.
     *
     * @param order says the same as the rest, to be compared
     */
    record PodsGate(String namespace, Labels labels, NodeRules rules, String order) implements Gate {
        /** The gate of a pod, with the labels that it will have where it goes. */
        public static PodsGate of(Pod pod) {
            var rules = pod.spec().onNodes();
            var namespace = pod.key().namespace();
            return new PodsGate(namespace, pod.labels(), rules, namespace + pod.labels() + rules);
        }
    }

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
        if (order == 0 && this instanceof NameGate mine && other instanceof NameGate theirs) {
            order = mine.pod().compareTo(theirs.pod());
        }
        if (order == 0 && this instanceof PodsGate mine && other instanceof PodsGate theirs) {
            order = mine.order().compareTo(theirs.order());
        }
        return order;
    }

    private int sort() {
        return switch (this) {
            case OfferGate offer -> 0;
            case UnitGate unit -> 1;
            case NodesGate nodes -> 2;
            case OwnerGate owner -> 3;
            case PodsGate pods -> 4;
            case NameGate name -> 5;
        };
    }
}
