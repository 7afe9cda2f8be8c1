package dev.spillway.core.engine;

import dev.spillway.core.model.Owner;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The selectors of the owners of pods, read once for each owner when a walk first needs one: they never change, by the API's own
 * rule. Where the controller may not read a kind, one of its owners is asked for again from time to time, for rights are given
 * later. Warns once of each unit that would rewrite a label of one, or cannot know.
 */
final class OwnerSelectors {
    private static final int MOST =
            10_000; // the owners of long ago are forgotten, and read again where they are needed

    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
    private static final SelectorAnswer UNREAD = new SelectorAnswer.Unknown("being read");

    private final Step step;
    private final LinkedHashMap<Owner, SelectorAnswer> known = new LinkedHashMap<>();
    private final Map<Kind, Denial> denied = new HashMap<>(); // only looked up
    private final Map<Owner, Integer> tries = new HashMap<>(); // of owners being read
    private final Set<String> warned = new HashSet<>();
    private final Queues queues;

    /** What rights are given for. */
    private record Kind(String namespace, String apiVersion, String kind) {
        static Kind of(String namespace, Owner owner) {
            return new Kind(namespace, owner.apiVersion(), owner.kind());
        }
    }

    /** The controller may not read a kind; whose pods wait for that. */
    private static final class Denial {
        private final SelectorAnswer.Forbidden answer;
        private final Effect.ReadSelector probe; // what is asked for again
        private final LinkedHashSet<Owner> waiting = new LinkedHashSet<>();

        Denial(SelectorAnswer.Forbidden answer, Effect.ReadSelector probe) {
            this.answer = answer;
            this.probe = probe;
        }
    }

    OwnerSelectors(Step step) {
        this.step = step;
        this.queues = step.queues();
    }

    /** The selector; Unknown while it is being read. */
    SelectorAnswer of(String namespace, Owner owner) {
        var answer = known.get(owner);
        if (answer != null) {
            return answer;
        }
        var denial = denied.get(Kind.of(namespace, owner));
        return denial == null ? UNREAD : denial.answer;
    }

    /** A pod has walked: asks for the selector that it waits for, and warns where a unit would take it from its owner. */
    void walked(PodState state, Walk walk) {
        switch (walk) {
            case Walk.Ask ask -> warn(state, ask.passed());
            case Walk.Bind bind -> warn(state, bind.passed());
            case Walk.MakeRoom(var room, Walk.Stay stay) -> walked(state, stay);
            case Walk.Stay stay -> {
                for (var gate : stay.gates()) {
                    if (gate instanceof Gate.OwnerGate(String namespace, Owner owner)) {
                        read(namespace, owner);
                    }
                }
                warn(state, stay.why());
            }
            case Walk.Ignore() -> {}
        }
    }

    private void read(String namespace, Owner owner) {
        if (known.containsKey(owner)) {
            return;
        }
        var denial = denied.get(Kind.of(namespace, owner));
        if (denial != null) {
            if (denial.waiting.size() < MOST) {
                denial.waiting.add(owner);
            }
        } else if (tries.putIfAbsent(owner, 0) == null) {
            step.emit(new Effect.ReadSelector(namespace, owner));
        }
    }

    void answered(Effect.ReadSelector effect, SelectorAnswer answer) {
        var owner = effect.owner();
        switch (answer) {
            case SelectorAnswer.Found found -> learn(effect, found);
            case SelectorAnswer.None none -> learn(effect, none);
            case SelectorAnswer.Unclear unclear -> learn(effect, unclear);
            case SelectorAnswer.Forbidden forbidden -> deny(effect, forbidden);
            case SelectorAnswer.Unknown unknown -> {
                int failed = tries.merge(owner, 1, Integer::sum);
                step.after(Step.pause(failed - 1), () -> step.emit(effect));
            }
        }
    }

    private void deny(Effect.ReadSelector effect, SelectorAnswer.Forbidden answer) {
        tries.remove(effect.owner());
        var kind = Kind.of(effect.namespace(), effect.owner());
        var denial = denied.get(kind);
        boolean again = denial != null && denial.probe.equals(effect);
        if (denial == null) {
            denied.put(kind, new Denial(answer, effect));
        }
        if (denial == null || again) {
            step.after(ASK_AGAIN, () -> askAgain(kind, effect));
        }
        if (!again) {
            step.agenda().opened(new Gate.OwnerGate(effect.namespace(), effect.owner()));
        }
    }

    /** A right that nobody waits for any more is forgotten: who comes later finds out anew. */
    private void askAgain(Kind kind, Effect.ReadSelector effect) {
        var denial = denied.get(kind);
        if (denial == null) {
            return;
        }
        denial.waiting.removeIf(owner -> !queues.isWaitedFor(new Gate.OwnerGate(effect.namespace(), owner)));
        if (denial.waiting.isEmpty() && !queues.isWaitedFor(new Gate.OwnerGate(effect.namespace(), effect.owner()))) {
            denied.remove(kind);
        } else {
            step.emit(effect);
        }
    }

    private void learn(Effect.ReadSelector effect, SelectorAnswer answer) {
        var owner = effect.owner();
        tries.remove(owner);
        if (known.size() >= MOST) {
            known.pollFirstEntry();
        }
        known.put(owner, answer);
        step.agenda().opened(new Gate.OwnerGate(effect.namespace(), owner));
        var denial = denied.remove(Kind.of(effect.namespace(), owner));
        if (denial != null) {
            denial.waiting.forEach(waiting -> step.agenda().opened(new Gate.OwnerGate(effect.namespace(), waiting)));
        }
    }

    private void warn(PodState state, Explanation explanation) {
        for (var line : explanation.lines()) {
            for (var reason : line.reasons()) {
                if (reason instanceof PodReason.SelectorRewritten it) {
                    warn(state, line.position(), it, it.owner().uid(), it.text());
                } else if (reason instanceof PodReason.SelectorUnreadable it) {
                    var kind = Kind.of(state.pod.key().namespace(), it.owner());
                    warn(state, line.position(), it, kind.toString(), it.why());
                }
            }
        }
    }

    private void warn(PodState state, int position, Reason reason, String whose, String what) {
        if (warned.size() >= MOST) {
            warned.clear();
        }
        if (warned.add(whose + position + what)) {
            var place = position == 0 ? "Its region" : "Unit " + position;
            var text = "%s is not used for it: %s".formatted(place, reason.text());
            step.write(new ClusterWrite.Announce(
                    state.pod.key(), state.pod.uid(), new Announcement(true, reason.code(), text)));
        }
    }
}
