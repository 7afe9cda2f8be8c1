package dev.spillway.core.placement;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Owner;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PodReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** What speaks against writing the labels of this place, null where they leave the pod with its owner. */
    UnitAnswer.@Nullable Declined against(Applicant applicant) {
        var pod = applicant.pod();
        var owner = pod.owner();
        var written = applicant.demand().labels();
        boolean writesAny = !pod.labels().containsAll(written); // else the owner need not be looked up
        if (owner == null || !owner.mayCountBySelector() || !writesAny) {
            return null;
        }
        var namespace = pod.key().namespace();
        return switch (facts.selectorOf(namespace, owner)) {
            case SelectorAnswer.Found(List<LabelRequirement> selector) -> rewritten(applicant, owner, selector);
            case SelectorAnswer.None() -> null;
            case SelectorAnswer.Forbidden(String right) ->
                unreadable(namespace, owner, "the controller lacks the right to %s, so grant it that".formatted(right));
            case SelectorAnswer.Unclear(String what) -> unreadable(namespace, owner, what);
            case SelectorAnswer.Unknown unread ->
                new UnitAnswer.NotYet(
                        List.of(new PodReason.SelectorUnread(owner)), List.of(new Gate.OwnerGate(namespace, owner)));
        };
    }

    private static UnitAnswer.@Nullable Declined rewritten(
            Applicant applicant, Owner owner, List<LabelRequirement> selector) {
        var labels = applicant.pod().labels();
        for (var requirement : selector) {
            var key = requirement.key();
            var to = applicant.demand().labels().get(key);
            if (to != null && requirement.holds(labels) && !requirement.holds(Labels.of(key, to))) {
                return UnitAnswer.barred(new PodReason.SelectorRewritten(key, labels.get(key), to, owner));
            }
        }
        return null;
    }

    private static UnitAnswer.Barred unreadable(String namespace, Owner owner, String why) {
        return new UnitAnswer.Barred(
                List.of(new PodReason.SelectorUnreadable(owner, why)), List.of(new Gate.OwnerGate(namespace, owner)));
    }
}
