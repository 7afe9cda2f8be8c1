package dev.spillway.core.step;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.reason.Gate;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be looked at again in the present step. Whoever changes something marks what it concerns and knows nothing of who looks; the
 * engine takes the marks out in a total order: answers first, then room in units, then what closed, then pods, who goes first before
 * who goes after, then what opened. A mark that is there already is not there twice.
 */
public final class Agenda {
    private final TreeSet<Mark> marks = new TreeSet<>();
    private long sequence;

    /** One thing to look at. Equal ones are one; the order is the one in which they are looked at. */
    public sealed interface Mark extends Comparable<Mark> {
        /** Which kinds are looked at before which. */
        int rank();

        /** What became of the request for a slot in a capped unit; several for one pod come in the order in which they were given. */
        record SlotAnswered(long sequence, SlotRequest request, SlotAnswer answer) implements Mark {
            @Override
            public int rank() {
                return 0;
            }
        }

        /** The region has to be asked whether the instance that is held for the pod is still there. */
        record InstanceDoubted(PodUid pod) implements Mark {
            @Override
            public int rank() {
                return 1;
            }
        }

        /** Room came free in a unit, or a pod that was terminating in it is gone. */
        record SlotFreed(UnitKey unit) implements Mark {
            @Override
            public int rank() {
                return 2;
            }
        }

        /** An offer closed: whoever waits for it hears so. */
        record OfferClosed(Offer offer) implements Mark {
            @Override
            public int rank() {
                return 3;
            }
        }

        /** A region closed: likewise for all its offers. */
        record RegionClosed(RegionId region) implements Mark {
            @Override
            public int rank() {
                return 4;
            }
        }

        /** What is declared changed: all waiting pods walk again. */
        record Everybody() implements Mark {
            @Override
            public int rank() {
                return 5;
            }
        }

        /** The waiting pods of one namespace walk again. */
        record Namespace(String namespace) implements Mark {
            @Override
            public int rank() {
                return 6;
            }
        }

        /** A pod, by its place among those who wait. */
        record OnePod(Queues.Position place) implements Mark {
            @Override
            public int rank() {
                return 7;
            }
        }

        /** As many of those who wait for the offer are let in as may be asked for now. */
        record OfferOpened(Offer offer) implements Mark {
            @Override
            public int rank() {
                return 8;
            }
        }

        /** The same for every offer of a region that keeps requests back itself: who stands first is asked for first. */
        record RegionOpened(RegionId region) implements Mark {
            @Override
            public int rank() {
                return 9;
            }
        }

        /** What pods wait for at this gate has come. */
        record GateOpened(Gate gate) implements Mark {
            @Override
            public int rank() {
                return 10;
            }
        }

        /** Something about the real nodes, or what runs on them, changed. */
        record NodesChanged() implements Mark {
            @Override
            public int rank() {
                return 11;
            }
        }

        /** Something changed that a policy's status shows. */
        record PolicyShown(PolicyKey policy) implements Mark {
            @Override
            public int rank() {
                return 12;
            }
        }

        /** The order among marks of one rank. */
        private int compareWithin(Mark other) {
            return switch (this) {
                case SlotAnswered it -> Long.compare(it.sequence, ((SlotAnswered) other).sequence);
                case InstanceDoubted it -> it.pod.compareTo(((InstanceDoubted) other).pod);
                case SlotFreed it -> it.unit.compareTo(((SlotFreed) other).unit);
                case OfferClosed it -> it.offer.compareTo(((OfferClosed) other).offer);
                case RegionClosed it -> it.region.compareTo(((RegionClosed) other).region);
                case Everybody it -> 0;
                case Namespace it -> it.namespace.compareTo(((Namespace) other).namespace);
                case OnePod it -> it.place.compareTo(((OnePod) other).place);
                case OfferOpened it -> it.offer.compareTo(((OfferOpened) other).offer);
                case RegionOpened it -> it.region.compareTo(((RegionOpened) other).region);
                case GateOpened it -> it.gate.compareTo(((GateOpened) other).gate);
                case NodesChanged it -> 0;
                case PolicyShown it -> it.policy.compareTo(((PolicyShown) other).policy);
            };
        }

        @Override
        default int compareTo(Mark other) {
            var byRank = Integer.compare(rank(), other.rank());
            return byRank == 0 ? compareWithin(other) : byRank;
        }
    }

    public void slotAnswered(SlotRequest request, SlotAnswer answer) {
        marks.add(new Mark.SlotAnswered(sequence++, request, answer));
    }

    public void instanceDoubted(PodUid pod) {
        marks.add(new Mark.InstanceDoubted(pod));
    }

    public void slotFreed(UnitKey unit) {
        marks.add(new Mark.SlotFreed(unit));
    }

    public void closed(Offer offer) {
        marks.add(new Mark.OfferClosed(offer));
    }

    public void closed(RegionId region) {
        marks.add(new Mark.RegionClosed(region));
    }

    public void everybody() {
        marks.add(new Mark.Everybody());
    }

    public void namespace(String namespace) {
        marks.add(new Mark.Namespace(namespace));
    }

    public void pod(PodState state) {
        marks.add(new Mark.OnePod(Queues.placeOf(state)));
    }

    public void opened(Offer offer) {
        marks.add(new Mark.OfferOpened(offer));
    }

    public void opened(RegionId region) {
        marks.add(new Mark.RegionOpened(region));
    }

    public void opened(Gate gate) {
        marks.add(new Mark.GateOpened(gate));
    }

    public void nodesChanged() {
        marks.add(new Mark.NodesChanged());
    }

    public void shown(PolicyKey policy) {
        marks.add(new Mark.PolicyShown(policy));
    }

    /** Takes out what is to be looked at first; null where nothing is left. */
    @Nullable
    public Mark next() {
        return marks.pollFirst();
    }
}
