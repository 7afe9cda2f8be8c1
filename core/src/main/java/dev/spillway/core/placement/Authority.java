package dev.spillway.core.placement;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyIndex;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import java.util.List;

/** Which rule speaks for a pod (R1). */
public sealed interface Authority {
    /** {@code eci: "true"} on pod or namespace: a region, whatever policies, selectors and affinities say (E28). */
    record Eci() implements Authority {}

    /** One usable policy. */
    record ByPolicy(Policy policy) implements Authority {}

    /** {@code acs: "true"}: the region of its label, or the default region. */
    record Pinned() implements Authority {}

    /** Ours, but something is wrong that a person must put right. */
    record Refused(Reason reason) implements Authority {}

    /** Names our scheduler, without policy or label: real nodes only. */
    record Ordinary() implements Authority {}

    /** Somebody else's pod. */
    record NotOurs() implements Authority {}

    /**
     * Decides who speaks for the pod. The labels that steer to regions do so where admission would have named our scheduler, and
     * where the pod names it itself: a pod of another scheduler is that one's, and one of a DaemonSet belongs to the node that its
     * affinity names.
     *
     * @param namespaceLabels labels of the pod's namespace
     * @param problem what is wrong with a policy, empty where nothing is
     */
    static Authority of(
            Pod pod, Labels namespaceLabels, PolicyIndex policies, String schedulerName, ProblemOf problem) {
        var named = pod.spec().schedulerName();
        boolean namesUs = named.equals(schedulerName);
        boolean steered = !pod.ownedByDaemonSet() && (namesUs || AdmissionRule.namesNobody(named));
        if (steered && hasEci(pod, namespaceLabels)) {
            return new Eci();
        }
        if (namesUs) {
            var selecting = policies.selecting(pod.key().namespace(), pod.labels());
            if (selecting.size() > 1) {
                return new Refused(new PolicyReason.PolicyConflict(keys(selecting)));
            }
            if (selecting.size() == 1) {
                var policy = selecting.getFirst();
                var wrong = problem.of(policy.key());
                return wrong.isEmpty()
                        ? new ByPolicy(policy)
                        : new Refused(new PolicyReason.PolicyInvalid(policy.key(), wrong));
            }
        }
        if (steered && pod.labels().has(Names.ACS, "true")) {
            return new Pinned();
        }
        return namesUs ? new Ordinary() : new NotOurs();
    }

    /** Whether the label of {@link Eci} sends a pod that is ours past every policy. */
    static boolean isPastPolicies(Pod pod, Labels namespaceLabels) {
        return !pod.ownedByDaemonSet() && hasEci(pod, namespaceLabels);
    }

    private static boolean hasEci(Pod pod, Labels namespaceLabels) {
        return pod.labels().has(Names.ECI, "true") || namespaceLabels.has(Names.ECI, "true");
    }

    /** Looks up what is wrong with a policy. */
    interface ProblemOf {
        String of(PolicyKey policy);
    }

    private static List<PolicyKey> keys(List<Policy> policies) {
        return policies.stream().map(Policy::key).toList();
    }
}
