package dev.spillway.core.placement;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.RegionReason;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Units as they are being tried, for the tests of this package. */
final class Trials {
    private Trials() {}

    /** The policy's first unit for this pod, of which nothing is remembered but what regions said against its requests. */
    static UnitTrial ofFirstUnit(
            Policy policy, Pod pod, Map<RegionId, RegionReason.RequestInvalid> refusals, Instant now) {
        var subject = new Walker.Subject(
                pod,
                new Authority.ByPolicy(policy),
                Additions.NONE,
                false,
                refusals,
                new TreeMap<>(),
                null,
                new TreeMap<>());
        return new UnitTrial(subject, 1, "", Demand.of(pod, policy.units().getFirst(), Additions.NONE), now);
    }
}
