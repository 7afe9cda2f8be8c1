package dev.spillway.core.report;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.step.Agenda;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What walks found that a person has to put right in a policy, or in what it names: counted by policy, unit and code, for the
 * policy's status. A pod counts from the walk that found it until a walk that does not, until it is gone, or until what was found
 * wrong is declared otherwise (R12.2).
 */
public final class PolicyMistakes {
    private final World world;
    private final Map<PodUid, List<Entry>> byPod = new HashMap<>(); // its order decides nothing
    private final TreeMap<PolicyKey, TreeMap<At, Tally>> byPolicy = new TreeMap<>();
    private final Agenda agenda;

    /** Where in a policy: position of the unit, 0 for the policy as a whole, and the code of the reason. */
    public record At(int unit, String code) implements Comparable<At> {
        private static final Comparator<At> ORDER =
                Comparator.comparingInt(At::unit).thenComparing(At::code);

        @Override
        public int compareTo(At other) {
            return ORDER.compare(this, other);
        }
    }

    /** How many pods it concerns, and what one of them was told. */
    public record Tally(int pods, String text) {
        Tally plus(int more) {
            return new Tally(pods + more, text);
        }
    }

    private record Entry(PolicyKey policy, At at, boolean isOfRegions) {}

    public PolicyMistakes(Step step) {
        this.world = step.world();
        this.agenda = step.agenda();
    }

    /** What was found in a policy. */
    public SortedMap<At, Tally> of(PolicyKey policy) {
        return byPolicy.getOrDefault(policy, new TreeMap<>());
    }

    /** A pod has walked. */
    public void walked(PodState state, Walk walk) {
        if (state.pod.node() != null) {
            return;
        }
        var texts = new ArrayList<String>();
        var found = switch (walk) {
            case Walk.Ask ask -> found(state, ask.policy(), ask.passed(), texts);
            case Walk.Bind bind ->
                found(state, bind.unit() == null ? null : bind.unit().policy(), bind.passed(), texts);
            case Walk.MakeRoom(var room, Walk.Stay stay) -> found(state, null, stay.why(), texts);
            case Walk.Stay stay -> found(state, null, stay.why(), texts);
            case Walk.Ignore() -> List.<Entry>of();
        };
        var uid = state.pod.uid();
        var before = found.isEmpty() ? byPod.remove(uid) : byPod.put(uid, found);
        if (found.equals(before)) {
            return;
        }
        for (int i = 0; i < found.size(); i++) {
            count(found.get(i), 1, texts.get(i));
        }
        if (before != null) {
            before.forEach(entry -> count(entry, -1, ""));
        }
    }

    public void podGone(PodUid uid) {
        var entries = byPod.remove(uid);
        if (entries != null) {
            entries.forEach(entry -> count(entry, -1, ""));
        }
    }

    /** The policy came, changed or went; its waiting pods walk again. */
    public void policyChanged(PolicyKey policy) {
        forget(entry -> entry.policy().equals(policy));
    }

    /** A region came, changed or went; the waiting pods walk again. */
    public void regionsChanged() {
        forget(Entry::isOfRegions);
    }

    private void forget(Predicate<Entry> which) {
        byPod.replaceAll((uid, entries) -> {
            if (entries.stream().noneMatch(which)) {
                return entries;
            }
            entries.stream().filter(which).forEach(entry -> count(entry, -1, ""));
            return entries.stream().filter(which.negate()).toList();
        });
        byPod.values().removeIf(List::isEmpty);
    }

    private void count(Entry entry, int pods, String text) {
        var tallies = byPolicy.computeIfAbsent(entry.policy(), p -> new TreeMap<>());
        var tally = tallies.getOrDefault(entry.at(), new Tally(0, text)).plus(pods);
        if (tally.pods() == 0) {
            tallies.remove(entry.at());
            if (tallies.isEmpty()) {
                byPolicy.remove(entry.policy());
            }
        } else {
            tallies.put(entry.at(), tally);
        }
        agenda.shown(entry.policy());
    }

    private List<Entry> found(PodState state, @Nullable PolicyKey policy, Explanation explanation, List<String> texts) {
        var entries = new ArrayList<Entry>();
        for (var line : explanation.lines()) {
            var reason = mistake(line);
            if (reason == null) {
                continue;
            }
            for (var key : policies(state, policy, line.position(), reason)) {
                entries.add(new Entry(key, new At(line.position(), reason.code()), isOfRegions(reason)));
                texts.add(reason.text());
            }
        }
        return entries;
    }

    /** Whose mistake it is; what concerns no policy, such as a pinned pod's, is nobody's. */
    private Set<PolicyKey> policies(PodState state, @Nullable PolicyKey policy, int position, Reason reason) {
        if (reason instanceof PolicyReason.PolicyConflict conflict) {
            return new LinkedHashSet<>(conflict.policies());
        }
        if (reason instanceof PolicyReason.GroupKeyMissing missing) {
            return Set.of(missing.policy());
        }
        if (position == 0) {
            return Set.of();
        }
        if (policy != null) {
            return Set.of(policy);
        }
        var selecting = world.policies.selecting(state.pod.key().namespace(), state.pod.labels());
        return selecting.size() == 1 ? Set.of(selecting.getFirst().key()) : Set.of();
    }

    /** The first mistake where a unit answered nothing else: one zone that sells the offer makes it none. */
    private static @Nullable Reason mistake(Explanation.UnitLine line) {
        Reason first = null;
        for (var reason : line.reasons()) {
            boolean isWait = reason instanceof PolicyReason.WaitsForRoom
                    || reason instanceof PolicyReason.WaitsUntil
                    || reason instanceof PolicyReason.WaitsForTerminating;
            if (isWait) {
                continue;
            }
            if (!isMistake(reason)) {
                return null;
            }
            first = first == null ? reason : first;
        }
        return first;
    }

    private static boolean isMistake(Reason reason) {
        return isOfRegions(reason)
                || reason instanceof PolicyReason.PolicyConflict
                || reason instanceof PolicyReason.GroupKeyMissing
                || reason instanceof PodReason.GpuModelMissing
                || reason instanceof PodReason.ReservedOnly
                || reason instanceof PodReason.SelectorRewritten
                || reason instanceof PodReason.SelectorUnreadable;
    }

    private static boolean isOfRegions(Reason reason) {
        return reason instanceof RegionReason.UnknownRegion
                || reason instanceof RegionReason.RegionNotAccepted
                || reason instanceof RegionReason.NotDeclared
                || reason instanceof RegionReason.NotAllowed;
    }
}
