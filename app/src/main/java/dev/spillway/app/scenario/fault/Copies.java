package dev.spillway.app.scenario.fault;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.NodeRequirement;
import dev.spillway.core.cluster.NodeRules;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodSpec;
import dev.spillway.core.cluster.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Leaving;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.policy.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies of the core's records that differ in one thing. */
final class Copies {
    private Copies() {}

    static Policy with(Policy policy, List<Unit> units) {
        return copy(policy, units, policy.counting(), policy.leaving(), policy.strategy(), policy.preemption());
    }

    static Policy with(Policy policy, CountRule counting) {
        return copy(policy, policy.units(), counting, policy.leaving(), policy.strategy(), policy.preemption());
    }

    static Policy with(Policy policy, Leaving leaving) {
        return copy(policy, policy.units(), policy.counting(), leaving, policy.strategy(), policy.preemption());
    }

    static Policy with(Policy policy, Policy.Strategy strategy) {
        return copy(policy, policy.units(), policy.counting(), policy.leaving(), strategy, policy.preemption());
    }

    static Policy with(Policy policy, Policy.Preemption preemption) {
        return copy(policy, policy.units(), policy.counting(), policy.leaving(), policy.strategy(), preemption);
    }

    private static Policy copy(
            Policy policy,
            List<Unit> units,
            CountRule counting,
            Leaving leaving,
            Policy.Strategy strategy,
            Policy.Preemption preemption) {
        return new Policy(
                policy.key(),
                policy.generation(),
                policy.createdSeconds(),
                policy.selector(),
                policy.matchExpressions(),
                strategy,
                units,
                counting,
                leaving,
                preemption,
                policy.problem());
    }

    /** Without a problem that anybody found before. */
    static Policy unproblematic(Policy policy) {
        return new Policy(
                policy.key(),
                policy.generation(),
                policy.createdSeconds(),
                policy.selector(),
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                "");
    }

    /** The same policy in another namespace. */
    static Policy in(String namespace, Policy policy) {
        return new Policy(
                new PolicyKey(namespace, policy.key().name()),
                policy.generation(),
                policy.createdSeconds(),
                policy.selector(),
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                policy.problem());
    }

    /** The same policy for other pods. */
    static Policy selecting(Labels selector, Policy policy) {
        return new Policy(
                policy.key(),
                policy.generation(),
                policy.createdSeconds(),
                selector,
                List.of(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                policy.problem());
    }

    static Unit withMax(Unit unit, @Nullable Integer max) {
        return copy(unit, unit.podLabels(), unit.podAnnotations(), max, unit.maxResources(), unit.scaleInWeight());
    }

    static Unit withMaxResources(Unit unit, ResourceList most) {
        return copy(unit, unit.podLabels(), unit.podAnnotations(), unit.max(), most, unit.scaleInWeight());
    }

    static Unit withPodLabels(Unit unit, Labels labels) {
        return copy(unit, labels, unit.podAnnotations(), unit.max(), unit.maxResources(), unit.scaleInWeight());
    }

    static Unit withWeight(Unit unit, @Nullable Integer weight) {
        return copy(unit, unit.podLabels(), unit.podAnnotations(), unit.max(), unit.maxResources(), weight);
    }

    private static Unit copy(
            Unit unit,
            Labels podLabels,
            Labels podAnnotations,
            @Nullable Integer max,
            ResourceList maxResources,
            @Nullable Integer scaleInWeight) {
        return new Unit(
                unit.resource(),
                unit.nodeSelector(),
                podLabels,
                podAnnotations,
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
                pod.ready());
    }

    static PodSpec withScheduler(PodSpec spec, String scheduler) {
        return copy(spec, scheduler, spec.nodeSelector(), spec.nodeTerms(), spec.onNodes());
    }

    /** Without what the pod demands of nodes by label. */
    static PodSpec anywhere(PodSpec spec) {
        return copy(spec, spec.schedulerName(), Labels.empty(), List.of(), spec.onNodes());
    }

    static PodSpec withRules(PodSpec spec, NodeRules rules) {
        return copy(spec, spec.schedulerName(), spec.nodeSelector(), spec.nodeTerms(), rules);
    }

    private static PodSpec copy(
            PodSpec spec,
            String scheduler,
            Labels nodeSelector,
            List<List<NodeRequirement>> nodeTerms,
            NodeRules rules) {
        return new PodSpec(
                scheduler,
                spec.requestList(),
                nodeSelector,
                nodeTerms,
                spec.tolerations(),
                spec.containers(),
                spec.restartPolicy(),
                spec.priority(),
                spec.graceSeconds(),
                rules,
                spec.regionBlockers());
    }
}
