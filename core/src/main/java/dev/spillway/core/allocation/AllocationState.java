package dev.spillway.core.allocation;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.stock.StockPicture;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an allocation stands, from asking to gone, with what is true there and nowhere else (R24.1). Immutable; {@link Transitions} says which
 * state follows which.
 */
public sealed interface AllocationState {
    /** The last that is known of the instance; null where nothing is. */
    @Nullable
    Instance instance();

    /** Whether there is an instance is not known. */
    sealed interface Open extends AllocationState permits Asking, Unknown {}

    /** There is an instance. */
    sealed interface Owning extends AllocationState permits Held, Binding, Bound, Ending {
        @Override
        Instance instance();
    }

    /**
     * The region was asked and has not answered.
     *
     * @param ticket marks the request
     * @param reported what the region has reported of an instance before its answer, null where it has not; then there is one, whatever the
     *     answer says
     */
    record Asking(
            StockPicture.Ticket ticket,
            Instant since,
            @Nullable Instance reported) implements Open {
        @Override
        public @Nullable Instance instance() {
            return reported;
        }
    }

    /**
     * The region is read by token until it is clear whether there is an instance.
     *
     * @param lookedUpAt when it was last read
     * @param tries how many reads have had no usable answer
     */
    record Unknown(Doubt doubt, Instant since, Instant lookedUpAt, int tries) implements Open {
        @Override
        public @Nullable Instance instance() {
            return switch (doubt) {
                case Doubt.AnswerLost() -> null;
                case Doubt.PerhapsEnded(Instance instance, Instant heldAt) -> instance;
            };
        }
    }

    /** Why it is not known whether there is an instance. */
    sealed interface Doubt {
        /** The answer to the request is lost. */
        record AnswerLost() implements Doubt {}

        /** There was one, and another process may have ended it since. */
        record PerhapsEnded(Instance instance, Instant heldAt) implements Doubt {}
    }

    /**
     * The instance exists; the pod is not bound to it.
     *
     * @param heldAt since when
     * @param slotRequest the request for a slot in a capped unit that is under way; the pod is not bound before its answer. Null where none is
     */
    record Held(Instance instance, Instant heldAt, @Nullable SlotRequest slotRequest) implements Owning {}

    /**
     * A binding was sent, and what became of it is not known yet.
     *
     * @param heldAt since when there is the instance
     * @param before the annotations that the pod carried before
     */
    record Binding(Instance instance, Instant heldAt, BindAttempt.Sent attempt, Labels before) implements Owning {}

    /**
     * The pod is bound to the instance. Most allocations are in this state, so it is kept small.
     *
     * @param heldAt since when there is the instance
     * @param shown what the pod's status shows, null where that is not known
     * @param isReclaimTold whether the pod was told that the region is going to take the instance back
     * @param tries how many looks at the instance have had no usable answer
     */
    record Bound(
            Instance instance, Instant heldAt, @Nullable Shown shown, boolean isReclaimTold, int tries)
            implements Owning {}

    /** What of an instance and of its pod a status was made of. */
    record Shown(
            Instance.State state, List<ContainerReport> containers, long detail, List<ReadinessGate> readinessGates) {}

    /**
     * The instance is being terminated.
     *
     * @param tries how many requests for that have had no usable answer
     * @param isConfirmed whether the region has confirmed that it is gone; only how it ended is still asked for
     */
    record Ending(Instance instance, Instant since, int tries, boolean isConfirmed) implements Owning {}

    /**
     * Nothing is left.
     *
     * @param instance the last that was known of the instance, null where there never was one, as far as is known
     */
    record Gone(@Nullable Instance instance) implements AllocationState {}
}
