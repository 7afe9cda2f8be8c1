package dev.spillway.core.placement;

import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How far a pod's walk over the units of a policy has come, and what it waits for if it ends without a place. */
final class Route {
    private final Policy policy;
    private final List<Stop> passed = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final TreeMap<Integer, Instant> waitingSince;

    Route(Policy policy, SortedMap<Integer, Instant> waitingSince) {
        this.policy = policy;
        this.waitingSince = new TreeMap<>(waitingSince);
    }

    /**
     * A unit that did not take the pod.
     *
     * @param reasons what it is told for that, more than the unit's own answer where more was tried
     */
    record Stop(int position, Unit unit, Applicant applicant, UnitAnswer.Declined answer, List<Reason> reasons) {
        Stop(int position, Unit unit, Applicant applicant, UnitAnswer.Declined answer) {
            this(position, unit, applicant, answer, answer.reasons());
        }

        Stop and(Reason reason) {
            return and(List.of(reason));
        }

        Stop and(List<Reason> more) {
            return more.isEmpty()
                    ? this
                    : new Stop(
                            position,
                            unit,
                            applicant,
                            answer,
                            Stream.concat(reasons.stream(), more.stream()).toList());
        }

        private Explanation.UnitLine line() {
            return UnitLines.line(position, unit, applicant.demand(), reasons);
        }
    }

    /** The units passed so far, in order from the first one. */
    List<Stop> passed() {
        return List.copyOf(passed);
    }

    /** The pod goes on to the next unit. */
    void pass(Stop stop) {
        passed.add(stop);
    }

    /** More was tried at a unit that was passed. */
    void tried(Stop again) {
        passed.set(again.position() - 1, again);
    }

    void waitFor(Gate gate) {
        gates.add(gate);
    }

    void waitFor(List<Gate> more) {
        gates.addAll(more);
    }

    /** When the pod began to wait at a unit that has a clock for it: now, unless it was then. */
    Instant since(Stop stop) {
        return waitingSince.computeIfAbsent(
                stop.position(), p -> stop.applicant().now());
    }

    /** What the units that were passed answered. */
    Explanation explanation() {
        return new Explanation(passed.stream().map(Stop::line).toList());
    }

    /** The pod waits after all units. */
    Walk.Stay stay() {
        return new Walk.Stay(explanation(), gates, false, waitingSince);
    }

    /** The pod stays with this unit; the ones after it are not looked at. */
    Walk.Stay stay(Stop stop, boolean soon) {
        var lines = new ArrayList<>(explanation().lines());
        lines.add(stop.line());
        var subject = stop.applicant().subject();
        lines.addAll(UnitLines.notReached(policy, stop.position(), subject.pod(), subject.profile()));
        return new Walk.Stay(new Explanation(lines), gates, soon, waitingSince);
    }
}
