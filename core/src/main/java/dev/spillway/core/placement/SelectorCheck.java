package dev.spillway.core.placement;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Owner;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PodReason;
import java.util.List;

/**
 * Keeps a place from taking a pod away from its owner: labels that come with a binding, be they changed or added, may not be those
 * by which whoever controls the pod finds it, or that one would make the next pod, which would go the same way (R3.6). What is not
 * known to leave the pod with its owner is not written.
 */
final class SelectorCheck {
    private final Walker.Facts facts;

    SelectorCheck(Walker.Facts facts) {
        this.facts = facts;
    }

    /** Whether the labels of this place leave the pod with its owner; where not, or where that is not known, the trial says so. */
    boolean admits(UnitTrial trial) {
        var pod = trial.subject.pod();
        var owner = pod.owner();
        var written = trial.demand.labels();
        if (owner == null || !owner.mayCountBySelector() || !writesAny(pod.labels(), written)) {
            return true;
        }
        var namespace = pod.key().namespace();
        return switch (facts.selectorOf(namespace, owner)) {
            case SelectorAnswer.Found(List<LabelRequirement> selector) -> holds(trial, owner, selector);
            case SelectorAnswer.None() -> true;
            case SelectorAnswer.Forbidden(String right) ->
                unreadable(trial, owner, "the controller lacks the right to %s, so grant it that".formatted(right));
            case SelectorAnswer.Unclear(String what) -> unreadable(trial, owner, what);
            case SelectorAnswer.Unknown unread -> {
                trial.busy = true;
                trial.gates.add(new Gate.OwnerGate(namespace, owner));
                trial.no(new PodReason.SelectorUnread(owner));
                yield false;
            }
        };
    }

    private static boolean holds(UnitTrial trial, Owner owner, List<LabelRequirement> selector) {
        var labels = trial.subject.pod().labels();
        for (var requirement : selector) {
            var key = requirement.key();
            var to = trial.demand.labels().get(key);
            if (to != null && requirement.holds(labels) && !requirement.holds(Labels.of(key, to))) {
                trial.barred = true;
                trial.no(new PodReason.SelectorRewritten(key, labels.get(key), to, owner));
                return false;
            }
        }
        return true;
    }

    private static boolean unreadable(UnitTrial trial, Owner owner, String why) {
        trial.barred = true;
        trial.gates.add(new Gate.OwnerGate(trial.subject.pod().key().namespace(), owner));
        trial.no(new PodReason.SelectorUnreadable(owner, why));
        return false;
    }

    /** Whether a label is written that the pod does not have as it is; else its owner need not be looked up. */
    private static boolean writesAny(Labels labels, Labels written) {
        return !labels.containsAll(written);
    }
}
