package dev.spillway.core.placement;

import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.Offer;

/** What a waiting pod waits for, beyond changes of declared objects. */
public sealed interface Gate extends Comparable<Gate> {
    /** An offer that may be asked again. */
    record OfferGate(Offer offer) implements Gate {}

    /** A slot in a capped unit; index from 1. */
    record CapGate(PolicyKey policy, int unit) implements Gate {}

    @Override
    default int compareTo(Gate other) {
        return switch (this) {
            case OfferGate mine ->
                other instanceof OfferGate theirs ? mine.offer().compareTo(theirs.offer()) : -1;
            case CapGate mine -> {
                if (!(other instanceof CapGate theirs)) {
                    yield 1;
                }
                int order = mine.policy().compareTo(theirs.policy());
                yield order != 0 ? order : Integer.compare(mine.unit(), theirs.unit());
            }
        };
    }
}
