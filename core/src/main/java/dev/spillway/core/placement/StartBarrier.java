package dev.spillway.core.placement;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import java.util.List;

/** What a start holds up: which regions must say first what they run before anything is decided for a pod (R9.3, R10.4, decision 0008). */
final class StartBarrier {
    private final Walker.Facts facts;

    StartBarrier(Walker.Facts facts) {
        this.facts = facts;
    }

    /**
     * Regions that may already run a pod that is older than this process and have not said so: until then no region is asked for it. A real
     * node it may have after a while, but nobody is evicted for it.
     */
    List<RegionId> silent(Walker.Subject subject) {
        return subject.olderThanStart()
                ? facts.notListedYet().stream()
                        .filter(region -> mayBeIn(subject, region))
                        .toList()
                : List.of();
    }

    /** The regions without which nothing is decided for the pod: also just after a start where its place depends on others (decision 0010). */
    List<RegionId> mustBeHeardFirst(Walker.Subject subject) {
        if (facts.isSettlingIn() && subject.pod().spec().onNodes().dependOnPods()) {
            return facts.notListedYet();
        }
        return facts.isPatient() ? silent(subject) : List.of();
    }

    /**
     * Whether an instance of the pod may be in the region. A policy that is older than the pod and was never edited has asked nobody but its
     * own units' regions for it; a pod that we do not speak for is asked for where it is bound, which is known by now. Of any other pod the
     * past is not known: its policy, or the one before, may have named any region.
     */
    private static boolean mayBeIn(Walker.Subject subject, RegionId region) {
        return switch (subject.authority()) {
            case Authority.NotOurs() -> false;
            case Authority.ByPolicy(Policy policy) ->
                policy.generation() > 1
                        || policy.createdSeconds() >= subject.pod().createdSeconds()
                        || policy.units().stream().anyMatch(unit -> mayAsk(unit, subject.pod(), region));
            case Authority.Eci eci -> true;
            case Authority.Pinned pinned -> true;
            case Authority.Refused refused -> true;
            case Authority.Ordinary ordinary -> true;
        };
    }

    /** Whether the unit may ask this region for the pod. */
    static boolean mayAsk(Unit unit, Pod pod, RegionId region) {
        var named = unit.podLabels().getOr(Names.REGION_ID, pod.labels().getOr(Names.REGION_ID, ""));
        var within = unit.nodeSelector().getOr(Names.REGION, named);
        return unit.resource().isRegional() && (within.isEmpty() || within.equals(region.value()));
    }
}
