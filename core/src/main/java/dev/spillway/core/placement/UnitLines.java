package dev.spillway.core.placement;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the units of a policy are told of in a pod's explanation. */
public final class UnitLines {
    private UnitLines() {}

    /** What a pod is told while the region that it was asked for in takes its time; {@code policy}: as it is now, null where none speaks. */
    public static Explanation asking(Walk.Ask ask, Instant since, Pod pod, @Nullable Policy policy, Additions profile) {
        var offer = ask.offer();
        var reason = new RegionReason.Asked(offer.region(), offer.zone(), offer.product(), since);
        if (policy == null || ask.unit() < 1 || ask.unit() > policy.units().size()) {
            return Explanation.of(reason);
        }
        var lines = new ArrayList<>(ask.passed().lines());
        var demand = Demand.of(pod, policy.unit(ask.unit()), profile);
        lines.add(line(ask.unit(), policy.unit(ask.unit()), demand, List.of(reason)));
        lines.addAll(notReached(policy, ask.unit(), pod, profile));
        return new Explanation(lines);
    }

    /** What a unit answered. */
    static Explanation.UnitLine line(int position, Unit unit, Demand demand, List<Reason> reasons) {
        return new Explanation.UnitLine(position, title(unit, demand), reasons);
    }

    /** The units of the policy after this position, which have not been looked at. */
    static List<Explanation.UnitLine> notReached(Policy policy, int after, Pod pod, Additions profile) {
        return IntStream.rangeClosed(after + 1, policy.units().size())
                .mapToObj(position -> {
                    var unit = policy.unit(position);
                    var demand = Demand.of(pod, unit, profile);
                    return line(position, unit, demand, List.of(new PolicyReason.NotReached()));
                })
                .toList();
    }

    private static String title(Unit unit, Demand demand) {
        if (!unit.resource().isRegional()) {
            return unit.resource().text();
        }
        var region = unit.nodeSelector().getOr(Names.REGION, demand.region());
        var product = demand.offer(new RegionId(region), new ZoneId("")).product();
        return unit.resource().text() + (region.isEmpty() ? "" : " " + region) + " " + product;
    }
}
