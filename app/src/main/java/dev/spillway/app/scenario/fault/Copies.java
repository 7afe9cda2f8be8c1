package dev.spillway.app.scenario.fault;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.NodeRules;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodSpec;
import dev.spillway.core.cluster.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.LabelRequirement;
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
        return new PolicyCopy(policy) {
            @Override
            List<Unit> units() {
                return units;
            }
        }.made();
    }

    static Policy with(Policy policy, CountRule counting) {
        return new PolicyCopy(policy) {
            @Override
            CountRule counting() {
                return counting;
            }
        }.made();
    }

    static Policy with(Policy policy, Leaving leaving) {
        return new PolicyCopy(policy) {
            @Override
            Leaving leaving() {
                return leaving;
            }
        }.made();
    }

    static Policy with(Policy policy, Policy.Strategy strategy) {
        return new PolicyCopy(policy) {
            @Override
            Policy.Strategy strategy() {
                return strategy;
            }
        }.made();
    }

    static Policy with(Policy policy, Policy.Preemption preemption) {
        return new PolicyCopy(policy) {
            @Override
            Policy.Preemption preemption() {
                return preemption;
            }
        }.made();
    }

    /** Without a problem that anybody found before. */
    static Policy unproblematic(Policy policy) {
        return new PolicyCopy(policy) {
            @Override
            String problem() {
                return "";
            }
        }.made();
    }

    /** The same policy in another namespace. */
    static Policy in(String namespace, Policy policy) {
        return new PolicyCopy(policy) {
            @Override
            PolicyKey key() {
                return new PolicyKey(namespace, policy.key().name());
            }
        }.made();
    }

    /** The same policy for other pods. */
    static Policy selecting(Labels selector, Policy policy) {
        return new PolicyCopy(policy) {
            @Override
            Labels selector() {
                return selector;
            }

            @Override
            List<LabelRequirement> matchExpressions() {
                return List.of();
            }
        }.made();
    }

    /** Has everything of a policy but what is overridden. */
    private static class PolicyCopy {
        private final Policy policy;

        PolicyCopy(Policy policy) {
            this.policy = policy;
        }

        PolicyKey key() {
            return policy.key();
        }

        Labels selector() {
            return policy.selector();
        }

        List<LabelRequirement> matchExpressions() {
            return policy.matchExpressions();
        }

        Policy.Strategy strategy() {
            return policy.strategy();
        }

        List<Unit> units() {
            return policy.units();
        }

        CountRule counting() {
            return policy.counting();
        }

        Leaving leaving() {
            return policy.leaving();
        }

        Policy.Preemption preemption() {
            return policy.preemption();
        }

        String problem() {
            return policy.problem();
        }

        final Policy made() {
            return new Policy(
                    key(),
                    policy.uid(),
                    policy.generation(),
                    policy.createdSeconds(),
                    selector(),
                    matchExpressions(),
                    strategy(),
                    units(),
                    counting(),
                    leaving(),
                    preemption(),
                    problem());
        }
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
                pod.ready(),
                pod.readinessGates());
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
