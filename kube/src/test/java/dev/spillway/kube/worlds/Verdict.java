package dev.spillway.kube.worlds;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which nodes may take a pod, and which constraints keep the others from it. */
public final class Verdict {
    private final Map<String, Set<Constraint>> refusals = new TreeMap<>();

    /** The node is known, and nothing speaks against it yet. */
    void knows(String node) {
        refusals.putIfAbsent(node, new TreeSet<>());
    }

    void refuses(String node, Constraint constraint) {
        refusals.computeIfAbsent(node, _ -> new TreeSet<>()).add(constraint);
    }

    /** Names of the nodes against which nothing speaks, in alphabetical order. */
    public Set<String> feasible() {
        var feasible = new TreeSet<String>();
        refusals.forEach((node, constraints) -> {
            if (constraints.isEmpty()) {
                feasible.add(node);
            }
        });
        return Collections.unmodifiableSet(feasible);
    }

    /** What speaks against the node. */
    public Set<Constraint> against(String node) {
        return Collections.unmodifiableSet(refusals.getOrDefault(node, Set.of()));
    }

    /** For each constraint that refuses some node, whether it is the only one to refuse one of them. */
    Map<Constraint, Boolean> deciders() {
        var deciders = new EnumMap<Constraint, Boolean>(Constraint.class);
        for (var constraints : refusals.values()) {
            for (var constraint : constraints) {
                deciders.merge(constraint, constraints.size() == 1, Boolean::logicalOr);
            }
        }
        return deciders;
    }

    @Override
    public String toString() {
        return refusals.toString();
    }
}
