package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Copies of the core's records that differ in one thing. */
final class Copies {
    private Copies() {}

    static Policy with(Policy policy, List<Unit> units) {
        return copy(policy, it -> it.units = units);
    }

    static Policy with(Policy policy, CountRule counting) {
        return copy(policy, it -> it.counting = counting);
    }

    static Policy with(Policy policy, WhenTryNextUnits leaving) {
        return copy(policy, it -> it.leaving = leaving);
    }

    static Policy with(Policy policy, Policy.Strategy strategy) {
        return copy(policy, it -> it.strategy = strategy);
    }

    static Policy with(Policy policy, Policy.Preemption preemption) {
        return copy(policy, it -> it.preemption = preemption);
    }

    /** With each unit another one. */
    static Policy eachUnit(Policy policy, UnaryOperator<Unit> disturbed) {
        return with(policy, policy.units().stream().map(disturbed).toList());
    }

    /** Without a problem that anybody found before. */
    static Policy unproblematic(Policy policy) {
        return copy(policy, it -> it.problem = "");
    }

    /** The same policy in another namespace. */
    static Policy in(String namespace, Policy policy) {
        return copy(policy, it -> it.key = new PolicyKey(namespace, policy.key().name()));
    }

    /** The same policy for other pods. */
    static Policy selecting(Labels selector, Policy policy) {
        return copy(policy, it -> {
            it.selector = selector;
            it.matchExpressions = List.of();
        });
    }

    private static Policy copy(Policy policy, Consumer<PolicyCopy> changes) {
        var copy = new PolicyCopy(policy);
        changes.accept(copy);
        return copy.made();
    }

    /** Has everything of a policy until it is changed. */
    private static final class PolicyCopy {
        private final Policy policy;
        private PolicyKey key;
        private Labels selector;
        private List<LabelRequirement> matchExpressions;
        private Policy.Strategy strategy;
        private List<Unit> units;
        private CountRule counting;
        private WhenTryNextUnits leaving;
        private Policy.Preemption preemption;
        private String problem;

        PolicyCopy(Policy policy) {
            this.policy = policy;
            this.key = policy.key();
            this.selector = policy.selector();
            this.matchExpressions = policy.matchExpressions();
            this.strategy = policy.strategy();
            this.units = policy.units();
            this.counting = policy.counting();
            this.leaving = policy.leaving();
            this.preemption = policy.preemption();
            this.problem = policy.problem();
        }

        Policy made() {
            return new Policy(
                    key,
                    policy.uid(),
                    policy.generation(),
                    policy.createdSeconds(),
                    selector,
                    matchExpressions,
                    strategy,
                    units,
                    counting,
                    leaving,
                    preemption,
                    problem);
        }
    }

    static Unit withMax(Unit unit, @Nullable Integer max) {
        return copy(unit, unit.podLabels(), max, unit.maxResources(), unit.scaleInWeight());
    }

    static Unit withMaxResources(Unit unit, ResourceList most) {
        return copy(unit, unit.podLabels(), unit.max(), most, unit.scaleInWeight());
    }

    static Unit withPodLabels(Unit unit, Labels labels) {
        return copy(unit, labels, unit.max(), unit.maxResources(), unit.scaleInWeight());
    }

    static Unit withWeight(Unit unit, @Nullable Integer weight) {
        return copy(unit, unit.podLabels(), unit.max(), unit.maxResources(), weight);
    }

    private static Unit copy(
            Unit unit,
            Labels podLabels,
            @Nullable Integer max,
            ResourceList maxResources,
            @Nullable Integer scaleInWeight) {
        return new Unit(
                unit.resource(),
                unit.nodeSelector(),
                podLabels,
                unit.podAnnotations(),
                max,
                maxResources,
                unit.spot(),
                scaleInWeight);
    }

    static Pod withLabels(Pod pod, Labels labels) {
        return copy(pod, labels, pod.annotations(), pod.spec());
    }

    static Pod withAnnotations(Pod pod, Labels annotations) {
        return copy(pod, pod.labels(), annotations, pod.spec());
    }

    static Pod withSpec(Pod pod, PodSpec spec) {
        return copy(pod, pod.labels(), pod.annotations(), spec);
    }

    private static Pod copy(Pod pod, Labels labels, Labels annotations, PodSpec spec) {
        return new Pod(
                pod.key(),
                pod.uid(),
                pod.createdSeconds(),
                pod.scheduledSeconds(),
                labels,
                annotations,
                spec,
                pod.node(),
                pod.phase(),
                pod.deleting(),
                pod.gated(),
                pod.owner(),
                pod.ready(),
                pod.readinessGates(),
                pod.detail());
    }

    static PodSpec withScheduler(PodSpec spec, String scheduler) {
        return copy(spec, scheduler, spec.priority(), spec.onNodes());
    }

    static PodSpec withPriority(PodSpec spec, int priority) {
        return copy(spec, spec.schedulerName(), priority, spec.onNodes());
    }

    static PodSpec withRules(PodSpec spec, NodeRules rules) {
        return copy(spec, spec.schedulerName(), spec.priority(), rules);
    }

    private static PodSpec copy(PodSpec spec, String scheduler, int priority, NodeRules rules) {
        return new PodSpec(
                scheduler,
                spec.requestList(),
                spec.nodeSelector(),
                spec.nodeTerms(),
                spec.tolerations(),
                spec.containers(),
                spec.restartPolicy(),
                priority,
                spec.graceSeconds(),
                rules,
                spec.regionBlockers());
    }
}
