package dev.spillway.core.placement;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a unit's caps leave room for one more pod (R4). */
final class CapCheck {
    private final UnitCounts counts;
    private final Walker.Facts facts;

    CapCheck(UnitCounts counts, Walker.Facts facts) {
        this.counts = counts;
        this.facts = facts;
    }

    /** What the caps of the unit at this position say against the pod, null where there is room. */
    UnitAnswer.@Nullable Declined against(Applicant applicant, Policy policy, int position) {
        var unit = policy.unit(position);
        if (!unit.isCapped()) {
            return null;
        }
        var silent = silent(applicant.pod(), unit);
        if (!silent.isEmpty()) {
            return UnitAnswer.notYet(new PolicyReason.CapClosed(silent));
        }
        var key = new UnitKey(policy.key(), position);
        var full = byCount(applicant, policy, unit, key);
        if (full == null) {
            full = byResources(applicant.pod(), unit, key);
        }
        return full == null
                ? null
                : new UnitAnswer.AtCap(List.of(full), List.of(new Gate.UnitGate(policy.key(), position)));
    }

    /**
     * Regions where instances for this unit may have been bought that are not counted yet. The cap would hold without them, since slots
     * are reserved before pods are bound (decisions 0007 and 0008); but who came first would have to give its instance up. Only for seconds.
     */
    private List<RegionId> silent(Pod pod, Unit unit) {
        return facts.isSettlingIn()
                ? facts.notListedYet().stream()
                        .filter(region -> StartBarrier.mayAsk(unit, pod, region))
                        .toList()
                : List.of();
    }

    private @Nullable Reason byCount(Applicant applicant, Policy policy, Unit unit, UnitKey key) {
        var max = unit.max();
        if (max == null) {
            return null;
        }
        var pod = applicant.pod();
        var group =
                policy.counting().group(pod.labels().with(applicant.demand().labels())); // as the unit will leave them
        boolean hasSlot = counts.reserved(pod.uid(), key) != null; // by another process, for this very pod
        int count = counts.count(key.policy(), key.position(), group) - (hasSlot ? 1 : 0);
        return count >= max ? new PolicyReason.CapReached(count, max, group) : null;
    }

    /** A pod fits while the sum with its own request is at most the cap; a resource that the cap does not name is free. */
    private @Nullable Reason byResources(Pod pod, Unit unit, UnitKey key) {
        if (unit.maxResources().isEmpty()) {
            return null;
        }
        var used = counts.used(key.policy(), key.position());
        var own = counts.reserved(pod.uid(), key);
        if (own != null) {
            used = used.minus(own.requests());
        }
        var asked = pod.spec().requestList();
        for (var name : unit.maxResources().names()) {
            long max = unit.maxResources().get(name);
            if (used.plus(asked).get(name) > max) {
                return new PolicyReason.ResourcesCapReached(name, used.get(name), asked.get(name), max);
            }
        }
        return null;
    }
}
