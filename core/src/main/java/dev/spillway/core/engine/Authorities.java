package dev.spillway.core.engine;

import dev.spillway.core.model.Pod;
import dev.spillway.core.placement.Authority;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;

/**
 * Who speaks for a pod now: {@link Authority}, but nobody for what is being deleted, and for a while nothing else for pods whose policy
 * just was.
 */
final class Authorities {
    private final Settings settings;
    private final Step step;
    private final World world;

    Authorities(Step step) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
    }

    Authority of(Pod pod) {
        var namespace = pod.key().namespace();
        var authority = Authority.of(
                pod, world.namespace(namespace), world.policies, settings.schedulerName(), world::problemOf);
        boolean ours = !(authority instanceof Authority.NotOurs);
        if (ours && world.isTerminating(namespace)) {
            return new Authority.Refused(new PolicyReason.NamespaceTerminating(namespace));
        }
        var state = world.pod(pod.uid());
        var orphaned = state == null || state.wait == null ? null : state.wait.orphaned;
        boolean isFallback = authority instanceof Authority.Ordinary || authority instanceof Authority.Pinned;
        return isFallback && orphaned != null && step.now().isBefore(orphaned.nextTry())
                ? new Authority.Refused(orphaned)
                : authority;
    }

    /**
     * A policy is gone: the pods without a place for which it spoke are not placed by what speaks for pods without a policy at once, for
     * whoever deletes it is often about to delete them too.
     */
    void policyGone(Policy policy) {
        var reason = new PolicyReason.PolicyDeleted(policy.key(), step.now().plus(settings.orphanGrace()));
        for (var state : world.pods()) {
            if (state.pod.node() == null
                    && state.pod.key().namespace().equals(policy.key().namespace())
                    && policy.selects(state.pod.labels())) {
                state.waiting().orphaned = reason;
            }
        }
    }
}
