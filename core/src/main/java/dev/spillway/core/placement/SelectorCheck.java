package dev.spillway.core.placement;

import dev.spillway.core.cluster.Labels;

/**
 * Keeps a unit from taking a pod away from its owner: labels that come with a binding may not be those by which the pod's
 * ReplicaSet, StatefulSet or Job finds it, or the owner would make the next pod, and that one would go the same way (E24).
 */
final class SelectorCheck {
    private final Walker.Facts facts;

    SelectorCheck(Walker.Facts facts) {
        this.facts = facts;
    }

    /** Whether the unit's labels leave the pod with its owner; where not, or where that is not known yet, the trial says so. */
    boolean admits(UnitTrial trial) {
        var pod = trial.subject.pod();
        var owner = pod.owner();
        var written = trial.demand.labels();
        if (owner == null || !owner.countsBySelector() || !changesAny(pod.labels(), written)) {
            return true;
        }
        var selector = facts.selectorOf(owner);
        if (selector == null) {
            trial.busy = true;
            trial.gates.add(new Gate.OwnerGate(pod.key().namespace(), owner));
            trial.no(new Reason.SelectorUnread(owner));
            return false;
        }
        var after = pod.labels().with(written);
        for (var requirement : selector) {
            if (requirement.holds(pod.labels()) && !requirement.holds(after)) {
                trial.barred = true;
                var key = requirement.key();
                trial.no(new Reason.SelectorRewritten(key, pod.labels().getOr(key, ""), after.getOr(key, ""), owner));
                return false;
            }
        }
        return true;
    }

    /** Whether a label that the pod has gets another value; seldom, so that few owners are ever looked up. */
    private static boolean changesAny(Labels labels, Labels written) {
        var changes = new boolean[1];
        written.forEach((key, value) -> {
            var before = labels.get(key);
            changes[0] |= before != null && !before.equals(value);
        });
        return changes[0];
    }
}
