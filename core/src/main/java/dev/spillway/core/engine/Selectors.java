package dev.spillway.core.engine;

import dev.spillway.core.cluster.ClusterApi.Announcement;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.SelectorAnswer;
import dev.spillway.core.placement.Explanation;
import dev.spillway.core.placement.Gate;
import dev.spillway.core.placement.Reason;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.policy.LabelRequirement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The selectors of the owners of pods, read once for each owner when a walk first needs one: they never change, by the API's own
 * rule. Warns once of each unit that would rewrite a label of one.
 */
final class Selectors {
    private static final int MOST =
            10_000; // the owners of long ago are forgotten, and read again where they are needed

    private final Turn turn;
    private final LinkedHashMap<Owner, List<LabelRequirement>> known = new LinkedHashMap<>();
    private final Map<Owner, Integer> tries = new HashMap<>(); // of owners being read
    private final Set<String> warned = new HashSet<>();
    private Consumer<Gate> opened = gate -> {};

    Selectors(Parts parts) {
        this.turn = parts.turn();
    }

    /** Who is told when a selector is known, or is to be asked for again. */
    void onOpened(Consumer<Gate> listener) {
        opened = listener;
    }

    /** The selector, null while it is not known. */
    @Nullable
    List<LabelRequirement> of(Owner owner) {
        return known.get(owner);
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
        if (!known.containsKey(owner) && tries.putIfAbsent(owner, 0) == null) {
            turn.emit(new Effect.ReadSelector(namespace, owner));
        }
    }

    void answered(Effect.ReadSelector effect, SelectorAnswer answer) {
        var owner = effect.owner();
        switch (answer) {
            case SelectorAnswer.Found(List<LabelRequirement> requirements) -> learn(effect, requirements);
            case SelectorAnswer.None() -> learn(effect, List.of());
            case SelectorAnswer.Unknown unknown -> {
                int failed = tries.merge(owner, 1, Integer::sum);
                turn.after(Turn.pause(failed - 1), () -> turn.emit(effect));
            }
        }
    }

    private void learn(Effect.ReadSelector effect, List<LabelRequirement> requirements) {
        var owner = effect.owner();
        tries.remove(owner);
        if (known.size() >= MOST) {
            known.pollFirstEntry();
        }
        known.put(owner, requirements);
        opened.accept(new Gate.OwnerGate(effect.namespace(), owner));
    }

    private void warn(PodState state, Explanation explanation) {
        for (var line : explanation.lines()) {
            for (var reason : line.reasons()) {
                if (reason instanceof Reason.SelectorRewritten rewritten) {
                    warn(state, line.position(), rewritten);
                }
            }
        }
    }

    private void warn(PodState state, int position, Reason.SelectorRewritten reason) {
        if (warned.size() >= MOST) {
            warned.clear();
        }
        if (warned.add(reason.owner().uid() + position + reason.text())) {
            var text = "Unit %d is not used for it: %s".formatted(position, reason.text());
            turn.emit(new Effect.Announce(
                    state.pod.key(),
                    state.pod.uid(),
                    new Announcement(true, reason.code(), Explainer.shortened(text))));
        }
    }
}
