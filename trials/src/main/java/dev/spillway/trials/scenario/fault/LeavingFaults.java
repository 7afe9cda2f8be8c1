package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pods leave a unit too early, too late, or never. */
final class LeavingFaults {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    static final List<Fault> ALL = List.of(
            new Fault(
                    "never-waits",
                    "whenTryNextUnits has no effect: a pod goes on where there is no room",
                    leaving(leaving -> WhenTryNextUnits.DEFAULT)),
            new Fault(
                    "timeout-zero",
                    "the timeout of TimeoutOrExceedMax is over at once",
                    leaving(leaving -> timed(leaving, Duration.ZERO))),
            new Fault(
                    "timeout-never",
                    "the timeout of TimeoutOrExceedMax never ends",
                    leaving(leaving -> timed(leaving, FOR_EVER))),
            new Fault(
                    "timeout-on-acs",
                    "the timeout holds a pod back in a unit of a region, too",
                    LeavingFaults.InRegions::new),
            new Fault(
                    "exceed-max-ignored",
                    "ExceedMax lets a pod go on where there is no room",
                    leaving(leaving -> instead(leaving, WhenTryNextUnits.Rule.EXCEED_MAX, WhenTryNextUnits.DEFAULT))),
            new Fault(
                    "exceed-max-without-cap",
                    "ExceedMax holds a pod back in a unit without a cap",
                    Planted.policies(policy -> policy.leaving().rule() == WhenTryNextUnits.Rule.EXCEED_MAX
                            ? Copies.eachUnit(policy, LeavingFaults::hugeCap)
                            : policy)),
            new Fault(
                    "waits-without-label",
                    "a pod waits for nodes in every unit, not only where the wait label asks for it",
                    Planted.units(unit -> unit.resource().isRegional() ? unit : withWaitLabel(unit))),
            new Fault(
                    "wait-label-ignored",
                    "the wait label has no effect",
                    Planted.units(
                            unit -> Copies.withPodLabels(unit, unit.podLabels().without(Names.WAIT_LABEL)))),
            new Fault(
                    "terminating-not-awaited",
                    "LackResourceAndNoTerminating does not wait for pods that leave",
                    leaving(leaving -> instead(
                            leaving,
                            WhenTryNextUnits.Rule.LACK_RESOURCE_AND_NO_TERMINATING,
                            WhenTryNextUnits.DEFAULT))),
            new Fault(
                    "terminating-awaited-in-vain",
                    "LackResourceAndNoTerminating waits where no pod leaves",
                    leaving(leaving -> instead(
                            leaving,
                            WhenTryNextUnits.Rule.LACK_RESOURCE_AND_NO_TERMINATING,
                            new WhenTryNextUnits(WhenTryNextUnits.Rule.TIMEOUT, FOR_EVER)))));

    private LeavingFaults() {}

    private static Supplier<Seams> leaving(UnaryOperator<WhenTryNextUnits> disturbed) {
        return Planted.policies(policy -> Copies.with(policy, disturbed.apply(policy.leaving())));
    }

    private static WhenTryNextUnits timed(WhenTryNextUnits leaving, Duration timeout) {
        return leaving.rule() == WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX
                ? new WhenTryNextUnits(leaving.rule(), timeout)
                : leaving;
    }

    private static WhenTryNextUnits instead(
            WhenTryNextUnits leaving, WhenTryNextUnits.Rule rule, WhenTryNextUnits other) {
        return leaving.rule() == rule ? other : leaving;
    }

    private static Unit hugeCap(Unit unit) {
        return unit.isCapped() ? unit : Copies.withMax(unit, Integer.MAX_VALUE);
    }

    private static Unit withWaitLabel(Unit unit) {
        return Copies.withPodLabels(unit, unit.podLabels().with(Labels.of(Names.WAIT_LABEL, "true")));
    }

    /** Keeps a refusal back until the policy's timeout has passed, once for each pod. */
    private static final class InRegions extends Planted {
        private final Set<PodUid> waited = new HashSet<>();
        private final List<Kept> kept = new ArrayList<>();

        private record Kept(Instant until, Event event) {}

        @Override
        protected List<Event> facts(Event event, Instant now) {
            var until = until(event, now);
            if (until != null) {
                kept.add(new Kept(until, event));
                return List.of(new Event.TimePassed());
            }
            var due = new ArrayList<Event>();
            for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
                var one = each.next();
                if (!now.isBefore(one.until)) {
                    due.add(one.event);
                    each.remove();
                }
            }
            due.add(event);
            return due;
        }

        @Override
        protected List<Effect> replaced(List<Effect> effects, Instant now) {
            var all = new ArrayList<>(effects);
            kept.forEach(one -> all.add(new Effect.WakeAt(one.until)));
            return all;
        }

        private @Nullable Instant until(Event event, Instant now) {
            if (event instanceof Event.AcquireAnswered(Effect.Acquire effect, AcquireAnswer answer)
                    && answer instanceof AcquireAnswer.Refused) {
                var tags = effect.request().tags();
                var policy = policies.get(new PolicyKey(tags.pod().namespace(), tags.policy()));
                if (policy != null
                        && policy.leaving().rule() == WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX
                        && waited.add(tags.podUid())) {
                    return now.plus(policy.leaving().timeout());
                }
            }
            return null;
        }
    }
}
