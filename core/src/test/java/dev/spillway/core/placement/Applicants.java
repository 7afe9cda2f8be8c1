package dev.spillway.core.placement;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.RegionReason;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Pods that apply for a place, for the tests of this package. */
final class Applicants {
    private Applicants() {}

    /** The pod before the policy's first unit; nothing is remembered of it but what regions said against its requests. */
    static Applicant toFirstUnit(Policy policy, Pod pod, Map<RegionId, RegionReason.OfRequest> refusals, Instant now) {
        var subject = new Walker.Subject(
                pod,
                new Authority.ByPolicy(policy),
                Additions.NONE,
                false,
                refusals,
                new TreeMap<>(),
                null,
                new TreeMap<>());
        return Applicant.to(policy.unit(1), subject, now);
    }
}
