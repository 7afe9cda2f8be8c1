package dev.spillway.core.placement;

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

    /** Whether the pod may enter the unit; where not, the trial says why and what to wait for. */
    boolean admits(UnitTrial trial, Policy policy, Unit unit) {
        if (!unit.isCapped()) {
            return true;
        }
        var silent = silent(trial, unit);
        if (!silent.isEmpty()) {
            trial.notYet(new PolicyReason.CapClosed(silent), true);
            return false;
        }
        var full = byCount(trial, policy, unit);
        if (full == null) {
            full = byResources(trial, policy, unit);
        }
        if (full == null) {
            return true;
        }
        trial.atCap = true;
        trial.gates.add(new Gate.UnitGate(policy.key(), trial.position));
        trial.no(full);
        return false;
    }

    /**
     * Regions where instances for this unit may have been bought that are not counted yet. The cap would hold without them, since slots
     * are reserved before pods are bound (decisions 0007 and 0008); but who came first would have to give its instance up. Only for seconds.
     */
    private List<RegionId> silent(UnitTrial trial, Unit unit) {
        return facts.isSettlingIn()
                ? facts.notListedYet().stream()
                        .filter(region -> StartBarrier.mayAsk(unit, trial.subject.pod(), region))
                        .toList()
                : List.of();
    }

    /** A slot that another process reserved in this unit for this very pod, null where there is none. */
    private UnitCounts.@Nullable Member ownSlot(UnitTrial trial, Policy policy) {
        return counts.reserved(trial.subject.pod().uid(), new UnitKey(policy.key(), trial.position));
    }

    private @Nullable Reason byCount(UnitTrial trial, Policy policy, Unit unit) {
        var max = unit.max();
        if (max == null) {
            return null;
        }
        var group = policy.counting()
                .group(trial.subject.pod().labels().with(trial.demand.labels())); // as the unit will leave them
        int count = counts.count(policy.key(), trial.position, group) - (ownSlot(trial, policy) == null ? 0 : 1);
        return count >= max ? new PolicyReason.CapReached(count, max, group) : null;
    }

    /** A pod fits while the sum with its own request is at most the cap; a resource that the cap does not name is free. */
    private @Nullable Reason byResources(UnitTrial trial, Policy policy, Unit unit) {
        if (unit.maxResources().isEmpty()) {
            return null;
        }
        var used = counts.used(policy.key(), trial.position);
        var own = ownSlot(trial, policy);
        if (own != null) {
            used = used.minus(own.requests());
        }
        var asked = trial.subject.pod().spec().requestList();
        for (var name : unit.maxResources().names()) {
            long max = unit.maxResources().get(name);
            if (used.plus(asked).get(name) > max) {
                return new PolicyReason.ResourcesCapReached(name, used.get(name), asked.get(name), max);
            }
        }
        return null;
    }
}
