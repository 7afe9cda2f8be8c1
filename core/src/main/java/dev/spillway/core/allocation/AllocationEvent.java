package dev.spillway.core.allocation;

import dev.spillway.core.model.Labels;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.Instance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an allocation. The states in which an event is possible are its interfaces, {@code WhileHeld} and so on; why it is
 * impossible in the others is written in {@link Transitions#whyOnlyThere}. {@code at} is an instant of the decision clock.
 */
public sealed interface AllocationEvent {
    /** Possible while the region has not answered. */
    sealed interface WhileAsking extends AllocationEvent {}

    /** Possible while it is not known whether there is an instance. */
    sealed interface WhileUnknown extends AllocationEvent {}

    /** Possible while an instance waits for its pod. */
    sealed interface WhileHeld extends AllocationEvent {}

    /** Possible while a binding is under way. */
    sealed interface WhileBinding extends AllocationEvent {}

    /** Possible while the pod is bound. */
    sealed interface WhileBound extends AllocationEvent {}

    /** Possible while the instance is being terminated. */
    sealed interface WhileEnding extends AllocationEvent {}

    /** The region accepted the request, or had reported an instance before it gave any other answer. */
    record Accepted(Instance instance, Instant at) implements WhileAsking {}

    /** The region refused the request. */
    record Refused() implements WhileAsking {}

    /** The region gave no usable answer: it is read by token, for the first time now. */
    record AnswerLost(Instant at) implements WhileAsking {}

    /** The token has bought this instance before, which is being terminated. */
    record TokenSpent(Instance earlier, Instant at) implements WhileAsking {}

    /** The region has an instance for the token: it says so when it is read, or reports it. */
    record Found(Instance instance, Instant at) implements WhileUnknown {}

    /** The region has no instance for the token, and would show one by now. */
    record NotFound() implements WhileUnknown {}

    /** The region is read by token again. */
    record LookedUp(Instant at) implements WhileUnknown {}

    /** The instance of this token was bought by another process, otherwise than this one asked: it gets an allocation of its own. */
    record Replaced() implements WhileAsking, WhileUnknown {}

    /** The region reports about the instance; an older report than the last one changes nothing. */
    record Reported(Instance instance) implements WhileAsking, WhileHeld, WhileBinding, WhileBound, WhileEnding {}

    /** Another process led meanwhile and may have ended the instance: the region is read by token, for the first time now. */
    record Doubted(Instant at) implements WhileHeld {}

    /** A slot in a capped unit is asked for. */
    record SlotRequested(SlotRequest request) implements WhileHeld {}

    /** That was answered, be it with yes or no. */
    record SlotAnswered() implements WhileHeld {}

    /** A binding is sent; the pod carries these annotations before it. */
    record BindSent(Labels before, Instant at) implements WhileHeld {}

    /** The binding is sent again. */
    record BindSentAgain(Instant at) implements WhileBinding {}

    /** The pod is bound to the instance, by us or by somebody else. {@code shown}: what its status shows, null where that is not known. */
    record PodBound(AllocationState.@Nullable Shown shown) implements WhileHeld, WhileBinding {}

    /** A status that shows this is written onto the pod. */
    record StatusSent(AllocationState.Shown shown) implements WhileBound {}

    /** The pod is told that the region is going to take the instance back. */
    record ReclaimTold() implements WhileBound {}

    /** Something that is tried again after a pause had no usable outcome. */
    record TriedInVain() implements WhileUnknown, WhileBinding, WhileBound, WhileEnding {}

    /** The region is told to terminate the instance. */
    record TerminateSent(Instant at) implements WhileHeld, WhileBinding, WhileBound {}

    /** The region has confirmed that the instance is gone; how it ended is asked for. */
    record EndConfirmed() implements WhileEnding {}

    /** The instance is gone: the region says so. */
    record Ended() implements WhileBound, WhileEnding {}

    /** An operator declared the region lost: nothing is to be learnt any more. */
    record WrittenOff() implements WhileAsking, WhileUnknown, WhileBound, WhileEnding {}
}
