package dev.spillway.core.placement;

import dev.spillway.core.policy.Policy;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PolicyReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How far a pod's walk over the units of a policy has come. */
final class Route {
    final List<UnitTrial> passed = new ArrayList<>();
    final List<Gate> gates = new ArrayList<>();
    final TreeMap<Integer, Instant> waitingSince;
    private final Policy policy;

    Route(Policy policy, SortedMap<Integer, Instant> waitingSince) {
        this.policy = policy;
        this.waitingSince = new TreeMap<>(waitingSince);
    }

    Explanation explanation() {
        return new Explanation(passed.stream().map(UnitTrial::line).toList());
    }

    /** The pod waits after all units. */
    Walk.Stay stay() {
        return new Walk.Stay(explanation(), gates, false, waitingSince);
    }

    /** The pod stays with this unit; the ones after it are not looked at. */
    Walk.Stay stay(UnitTrial trial, boolean soon) {
        var lines = new ArrayList<Explanation.UnitLine>();
        passed.forEach(earlier -> lines.add(earlier.line()));
        lines.add(trial.line());
        for (int position = trial.position + 1; position <= policy.units().size(); position++) {
            var unit = policy.units().get(position - 1);
            var title = Walker.title(unit, Demand.of(trial.subject.pod(), unit, trial.subject.profile()));
            lines.add(new Explanation.UnitLine(position, title, List.of(new PolicyReason.NotReached())));
        }
        return new Walk.Stay(new Explanation(lines), gates, soon, waitingSince);
    }
}
