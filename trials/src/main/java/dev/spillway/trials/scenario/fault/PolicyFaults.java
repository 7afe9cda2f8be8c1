package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What a policy says is not what is done: its units, caps, strategy, and whose pods they are. */
final class PolicyFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "units-reversed",
                    "the units are tried in reverse order",
                    Planted.policies(
                            policy -> Copies.with(policy, policy.units().reversed()))),
            new Fault(
                    "first-unit-only",
                    "a policy ends after its first unit",
                    Planted.policies(
                            policy -> Copies.with(policy, policy.units().subList(0, 1)))),
            new Fault("max-one-more", "a unit takes one pod more than its max", maxPlus(1)),
            new Fault("max-one-less", "a unit takes one pod less than its max", maxPlus(-1)),
            new Fault("max-ignored", "max has no effect", Planted.units(unit -> Copies.withMax(unit, null))),
            new Fault(
                    "caps-never-open",
                    "a unit with a max takes nobody",
                    Planted.units(unit -> unit.max() == null ? unit : Copies.withMax(unit, 0))),
            new Fault(
                    "max-resources-ignored",
                    "maxResources has no effect",
                    Planted.units(unit -> Copies.withMaxResources(unit, ResourceList.EMPTY))),
            new Fault(
                    "groups-ignored",
                    "matchLabelKeys has no effect",
                    counting(rule -> new CountRule(rule.ignorePreviousPod(), rule.ignoreTerminatingPod(), List.of()))),
            new Fault(
                    "terminating-pods-counted",
                    "pods that are being deleted count towards max, whatever the policy says",
                    counting(rule -> new CountRule(rule.ignorePreviousPod(), false, rule.matchLabelKeys()))),
            new Fault(
                    "terminating-pods-never-counted",
                    "pods that are being deleted do not count, whatever the policy says",
                    counting(rule -> new CountRule(rule.ignorePreviousPod(), true, rule.matchLabelKeys()))),
            new Fault(
                    "earlier-pods-counted",
                    "ignorePreviousPod has no effect",
                    counting(rule -> new CountRule(false, rule.ignoreTerminatingPod(), rule.matchLabelKeys()))),
            new Fault(
                    "earlier-pods-never-counted",
                    "pods that are older than the policy do not count, whatever it says",
                    counting(rule -> new CountRule(true, rule.ignoreTerminatingPod(), rule.matchLabelKeys()))),
            new Fault(
                    "required-read-as-prefer",
                    "nodes of no unit are used last, also where the strategy is required",
                    Planted.policies(policy -> Copies.with(policy, Policy.Strategy.PREFER))),
            new Fault(
                    "prefer-read-as-required",
                    "nodes of no unit are never used",
                    Planted.policies(policy -> Copies.with(policy, Policy.Strategy.REQUIRED))),
            new Fault(
                    "preempts-before-next-unit",
                    "pods are evicted although a later unit has room",
                    Planted.policies(policy -> Copies.with(policy, Policy.Preemption.BEFORE_NEXT_UNIT))),
            new Fault(
                    "preempts-after-all-units",
                    "BeforeNextUnit has no effect",
                    Planted.policies(policy -> Copies.with(policy, Policy.Preemption.AFTER_ALL_UNITS))),
            new Fault(
                    "scale-in-weight-ignored",
                    "scaleInWeight has no effect",
                    Planted.units(unit -> Copies.withWeight(unit, null))),
            new Fault(
                    "selector-ignored",
                    "a policy speaks for every pod of its namespace",
                    Planted.policies(policy -> Copies.selecting(Labels.empty(), policy))),
            new Fault(
                    "empty-selector-selects-nothing",
                    "an empty selector means no pod",
                    Planted.policies(policy -> policy.selector().isEmpty()
                                    && policy.matchExpressions().isEmpty()
                            ? Copies.selecting(Labels.of("spillway.dev/no-such-label", "true"), policy)
                            : policy)),
            new Fault(
                    "policies-ignored",
                    "no policy reaches the engine",
                    Planted.without(event -> event instanceof Event.PolicySeen)),
            new Fault(
                    "policy-edits-ignored",
                    "a policy stays as it was created",
                    Planted.without(
                            event -> event instanceof Event.PolicySeen(Policy policy) && policy.generation() > 1)),
            new Fault(
                    "policy-deletions-ignored",
                    "a policy that is deleted speaks on",
                    Planted.without(event -> event instanceof Event.PolicyGone)),
            new Fault(
                    "invalid-policy-used",
                    "what is wrong with a policy is passed over",
                    Planted.policies(policy ->
                            Copies.eachUnit(Copies.unproblematic(policy), PolicyFaults::withoutImpossibleCaps))),
            new Fault(
                    "policies-of-other-namespaces",
                    "a policy speaks for the pods of every namespace",
                    PolicyFaults.Everywhere::new),
            new Fault(
                    "gpu-without-model",
                    "a GPU pod that names no model gets one of some model",
                    Planted.units(unit -> unit.podLabels().has(Names.COMPUTE_CLASS, "gpu")
                                    && unit.podLabels().get(Names.GPU_MODEL) == null
                            ? Copies.withPodLabels(unit, unit.podLabels().with(Labels.of(Names.GPU_MODEL, "m1")))
                            : unit)));

    private PolicyFaults() {}

    private static Supplier<Seams> maxPlus(int more) {
        return Planted.units(unit -> {
            var max = unit.max();
            return max == null ? unit : Copies.withMax(unit, Math.max(0, max + more));
        });
    }

    private static Supplier<Seams> counting(UnaryOperator<CountRule> rule) {
        return Planted.policies(policy -> Copies.with(policy, rule.apply(policy.counting())));
    }

    private static Unit withoutImpossibleCaps(Unit unit) {
        var caps = new TreeMap<String, Long>();
        for (var name : unit.maxResources().names()) {
            if (!name.startsWith("requests.")) {
                caps.put(name, unit.maxResources().get(name));
            }
        }
        return Copies.withMaxResources(unit, ResourceList.of(caps));
    }

    /** Hands each policy on once for every namespace. */
    private static final class Everywhere extends Planted {
        private final Set<String> namespaces = new TreeSet<>();

        @Override
        protected List<Event> facts(Event event, Instant now) {
            if (event instanceof Event.NamespaceSeen(String name, Labels _, boolean _)) {
                namespaces.add(name);
            } else if (event instanceof Event.NamespaceGone(String name)) {
                namespaces.remove(name);
            } else if (event instanceof Event.PolicySeen(Policy policy)) {
                return namespaces.stream()
                        .<Event>map(namespace -> new Event.PolicySeen(Copies.in(namespace, policy)))
                        .toList();
            }
            return List.of(event);
        }
    }
}
