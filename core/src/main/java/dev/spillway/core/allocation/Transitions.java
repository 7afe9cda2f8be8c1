package dev.spillway.core.allocation;

import dev.spillway.core.allocation.AllocationState.Asking;
import dev.spillway.core.allocation.AllocationState.Binding;
import dev.spillway.core.allocation.AllocationState.Bound;
import dev.spillway.core.allocation.AllocationState.Doubt;
import dev.spillway.core.allocation.AllocationState.Ending;
import dev.spillway.core.allocation.AllocationState.Gone;
import dev.spillway.core.allocation.AllocationState.Held;
import dev.spillway.core.allocation.AllocationState.Shown;
import dev.spillway.core.allocation.AllocationState.Unknown;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.Instance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which state of an allocation follows which, by what happens: R24.1, in one pure function. */
final class Transitions {
    private Transitions() {}

    /** The state after the event. An event that cannot happen in the state is a bug, and throws. */
    static AllocationState next(PodKey pod, AllocationState state, AllocationEvent event) {
        var next = switch (state) {
            case Asking asking -> event instanceof AllocationEvent.WhileAsking it ? asking(asking, it) : null;
            case Unknown unknown -> event instanceof AllocationEvent.WhileUnknown it ? unknown(unknown, it) : null;
            case Held held -> event instanceof AllocationEvent.WhileHeld it ? held(held, it) : null;
            case Binding binding -> event instanceof AllocationEvent.WhileBinding it ? binding(binding, it) : null;
            case Bound bound -> event instanceof AllocationEvent.WhileBound it ? bound(bound, it) : null;
            case Ending ending -> event instanceof AllocationEvent.WhileEnding it ? ending(ending, it) : null;
            case Gone gone -> null;
        };
        if (next == null) {
            throw new IllegalStateException("%s cannot happen to the allocation of pod %s in state %s: %s."
                    .formatted(
                            event.getClass().getSimpleName(),
                            pod,
                            state.getClass().getSimpleName(),
                            state instanceof Gone ? "nothing is left of it" : whyOnlyThere(event)));
        }
        return next;
    }

    /** Why an event is possible only in the states that it names, and in those only as {@link #next} says. */
    static String whyOnlyThere(AllocationEvent event) {
        return switch (event) {
            case AllocationEvent.Accepted it -> "a region answers a request once, and a later answer finds no request";
            case AllocationEvent.Refused it -> "only a request is refused, and after a report there is an instance";
            case AllocationEvent.AnswerLost it -> "only an answer gets lost, and after a report there is an instance";
            case AllocationEvent.TokenSpent it -> "a region says so in answer to a request";
            case AllocationEvent.Found it -> "a region is read by token where it is not known what there is";
            case AllocationEvent.NotFound it -> "a region is read by token where it is not known what there is";
            case AllocationEvent.LookedUp it -> "a region is read by token where it is not known what there is";
            case AllocationEvent.Replaced it -> "an instance that is known carries the tags of its allocation";
            case AllocationEvent.Reported it -> "where it is not known what there is, a report is a find";
            case AllocationEvent.Doubted it ->
                "it is doubted while it waits; once a binding is sent, the pod is read instead";
            case AllocationEvent.SlotRequested it -> "a slot is asked for once, before the binding";
            case AllocationEvent.SlotAnswered it -> "a slot is asked for once, before the binding";
            case AllocationEvent.BindSent it -> "capacity and slot come first, and a second binding is a repetition";
            case AllocationEvent.BindSentAgain it -> "a binding is repeated until it is known what became of the first";
            case AllocationEvent.PodBound it -> "a pod is bound to an instance that exists, and once";
            case AllocationEvent.StatusSent it -> "a pod that is not bound shows nothing of an instance";
            case AllocationEvent.ReclaimTold it -> "a pod that is not bound is not told of its instance";
            case AllocationEvent.TriedInVain it -> "nothing is repeated in that state";
            case AllocationEvent.TerminateSent it -> "an instance is terminated that exists, and once";
            case AllocationEvent.EndConfirmed it -> "the end is confirmed of what was terminated";
            case AllocationEvent.Ended it -> "a look at the instance, or the answer to its termination, says so";
            case AllocationEvent.WrittenOff it ->
                "what is held is terminated first, and what a binding did is found out";
        };
    }

    private static @Nullable AllocationState asking(Asking now, AllocationEvent.WhileAsking event) {
        boolean isThere = now.reported() != null; // as good as the answer: R22.5
        return switch (event) {
            case AllocationEvent.Accepted(Instance told, Instant at) -> arrived(newest(now.reported(), told), at);
            case AllocationEvent.Refused() -> isThere ? null : new Gone(null);
            case AllocationEvent.AnswerLost(Instant at) ->
                isThere ? null : new Unknown(new Doubt.AnswerLost(), at, at, 0);
            case AllocationEvent.TokenSpent(Instance earlier, Instant at) ->
                new Ending(newest(now.reported(), earlier), at, 0, false);
            case AllocationEvent.Reported(Instance report) ->
                new Asking(now.ticket(), now.since(), newest(now.reported(), report));
            case AllocationEvent.Replaced() -> new Gone(now.reported());
            case AllocationEvent.WrittenOff() -> new Gone(now.reported());
        };
    }

    private static AllocationState unknown(Unknown now, AllocationEvent.WhileUnknown event) {
        return switch (event) {
            case AllocationEvent.Found(Instance told, Instant at) ->
                switch (now.doubt()) {
                    case Doubt.AnswerLost() -> arrived(told, at);
                    case Doubt.PerhapsEnded(Instance known, Instant heldAt) -> arrived(newest(known, told), heldAt);
                };
            case AllocationEvent.NotFound() -> new Gone(now.instance());
            case AllocationEvent.LookedUp(Instant at) -> new Unknown(now.doubt(), now.since(), at, now.tries());
            case AllocationEvent.TriedInVain() ->
                new Unknown(now.doubt(), now.since(), now.lookedUpAt(), now.tries() + 1);
            case AllocationEvent.Replaced() -> new Gone(now.instance());
            case AllocationEvent.WrittenOff() -> new Gone(now.instance());
        };
    }

    private static @Nullable AllocationState held(Held now, AllocationEvent.WhileHeld event) {
        boolean awaitsSlot = now.slotRequest() != null;
        return switch (event) {
            case AllocationEvent.Reported(Instance report) ->
                new Held(newest(now.instance(), report), now.heldAt(), now.slotRequest());
            case AllocationEvent.Doubted(Instant at) ->
                new Unknown(new Doubt.PerhapsEnded(now.instance(), now.heldAt()), at, at, 0);
            case AllocationEvent.SlotRequested(SlotRequest request) ->
                awaitsSlot ? null : new Held(now.instance(), now.heldAt(), request);
            case AllocationEvent.SlotAnswered() -> awaitsSlot ? new Held(now.instance(), now.heldAt(), null) : null;
            case AllocationEvent.BindSent(Labels before, Instant at) ->
                awaitsSlot ? null : new Binding(now.instance(), now.heldAt(), new BindAttempt.Sent(at, 0), before);
            case AllocationEvent.PodBound(var shown) -> bound(now.instance(), now.heldAt(), shown);
            case AllocationEvent.TerminateSent(Instant at) -> new Ending(now.instance(), at, 0, false);
        };
    }

    private static AllocationState binding(Binding now, AllocationEvent.WhileBinding event) {
        return switch (event) {
            case AllocationEvent.Reported(Instance report) ->
                new Binding(newest(now.instance(), report), now.heldAt(), now.attempt(), now.before());
            case AllocationEvent.BindSentAgain(Instant at) ->
                new Binding(now.instance(), now.heldAt(), now.attempt().sent(at), now.before());
            case AllocationEvent.TriedInVain() ->
                new Binding(now.instance(), now.heldAt(), now.attempt().triedInVain(), now.before());
            case AllocationEvent.PodBound(var shown) -> bound(now.instance(), now.heldAt(), shown);
            case AllocationEvent.TerminateSent(Instant at) -> new Ending(now.instance(), at, 0, false);
        };
    }

    private static AllocationState bound(Bound now, AllocationEvent.WhileBound event) {
        return switch (event) {
            case AllocationEvent.Reported(Instance report) ->
                new Bound(newest(now.instance(), report), now.heldAt(), now.shown(), now.isReclaimTold(), now.tries());
            case AllocationEvent.StatusSent(Shown shown) ->
                new Bound(now.instance(), now.heldAt(), shown, now.isReclaimTold(), now.tries());
            case AllocationEvent.ReclaimTold() ->
                new Bound(now.instance(), now.heldAt(), now.shown(), true, now.tries());
            case AllocationEvent.TriedInVain() ->
                new Bound(now.instance(), now.heldAt(), now.shown(), now.isReclaimTold(), now.tries() + 1);
            case AllocationEvent.TerminateSent(Instant at) -> new Ending(now.instance(), at, 0, false);
            case AllocationEvent.Ended() -> new Gone(now.instance());
            case AllocationEvent.WrittenOff() -> new Gone(now.instance());
        };
    }

    private static AllocationState ending(Ending now, AllocationEvent.WhileEnding event) {
        return switch (event) {
            case AllocationEvent.Reported(Instance report) ->
                new Ending(newest(now.instance(), report), now.since(), now.tries(), now.isConfirmed());
            case AllocationEvent.TriedInVain() ->
                new Ending(now.instance(), now.since(), now.tries() + 1, now.isConfirmed());
            case AllocationEvent.EndConfirmed() -> new Ending(now.instance(), now.since(), now.tries(), true);
            case AllocationEvent.Ended() -> new Gone(now.instance());
            case AllocationEvent.WrittenOff() -> new Gone(now.instance());
        };
    }

    /** The region has this for the pod; what has ended already binds nobody. */
    private static AllocationState arrived(Instance instance, Instant heldAt) {
        return instance.state() == Instance.State.GONE ? new Gone(instance) : new Held(instance, heldAt, null);
    }

    private static AllocationState bound(Instance instance, Instant heldAt, @Nullable Shown shown) {
        return new Bound(instance, heldAt, shown, false, 0);
    }

    private static Instance newest(@Nullable Instance known, Instance told) {
        return known != null && told.isOlderThan(known) ? known : told;
    }
}
