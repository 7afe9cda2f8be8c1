package dev.spillway.core.placement;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.RegionDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What one unit answers one pod. In this order: may its labels be written, may the pod go to regions, is there a slot, and only then,
 * which zone or node has room.
 */
final class UnitCheck {
    private final RegionDirectory regions;
    private final Walker.Facts facts;
    private final SelectorCheck selectors;
    private final StartBarrier start;
    private final CapCheck caps;
    private final ZoneSearch zones;
    private final NodeCheck nodes;

    UnitCheck(
            RegionDirectory regions,
            Walker.Facts facts,
            SelectorCheck selectors,
            StartBarrier start,
            CapCheck caps,
            ZoneSearch zones,
            NodeCheck nodes) {
        this.regions = regions;
        this.facts = facts;
        this.selectors = selectors;
        this.start = start;
        this.caps = caps;
        this.zones = zones;
        this.nodes = nodes;
    }

    /** The answer of the policy's unit at this position. */
    UnitAnswer answer(Applicant applicant, Policy policy, int position) {
        var unit = policy.unit(position);
        boolean isRegional = unit.resource().isRegional();
        var no = selectors.against(applicant);
        if (no == null && isRegional) {
            no = againstRegions(applicant);
        }
        if (no == null) {
            no = caps.against(applicant, policy, position);
        }
        if (no != null) {
            return no;
        }
        return isRegional ? inRegions(applicant, policy, unit) : nodes.answer(applicant, NodeCheck.nodesOf(unit));
    }

    private UnitAnswer.@Nullable Declined againstRegions(Applicant applicant) {
        var barred = applicant.barredFromRegions();
        if (barred != null) {
            return UnitAnswer.barred(barred);
        }
        var silent = start.silent(applicant.subject());
        return silent.isEmpty() ? null : UnitAnswer.notYet(new RegionReason.TakingOver(silent));
    }

    private UnitAnswer inRegions(Applicant applicant, Policy policy, Unit unit) {
        var named = applicant.demand().region();
        if (!named.isEmpty() && regions.get(new RegionId(named)) == null) {
            var unknown = new RegionReason.UnknownRegion(named, regions.ids());
            return facts.isNew(policy.key()) ? UnitAnswer.notYet(unknown) : UnitAnswer.noRoom(unknown);
        }
        return zones.answer(applicant, unit.nodeSelector(), named);
    }
}
