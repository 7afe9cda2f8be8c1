package dev.spillway.core.engine;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.provision.InstanceStatus;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.report.PodFailure;
import dev.spillway.core.report.PodFailures;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.rescue.Reclaims;
import dev.spillway.core.rescue.Rescue;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Instant;

/**
 * What a change of a pod means for its allocation, and what becomes of pods on virtual nodes that no allocation covers: after a start, or
 * bound by somebody else (R22.6, R23.7).
 */
final class PodReconciler {
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final Placer placer;
    private final Queues queues;
    private final PodReports podReports;
    private final PodFailures podFailures;
    private final Acquisition acquisition;
    private final PodBinder podBinder;
    private final InstanceStatus instanceStatus;
    private final Termination termination;
    private final PodRemoval podRemoval;
    private final Rescue rescue;
    private final Reclaims reclaims;

    PodReconciler(
            Step step,
            Ledger ledger,
            Placer placer,
            PodReports podReports,
            PodFailures podFailures,
            Acquisition acquisition,
            PodBinder podBinder,
            InstanceStatus instanceStatus,
            Termination termination,
            PodRemoval podRemoval,
            Rescue rescue,
            Reclaims reclaims) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.placer = placer;
        this.queues = step.queues();
        this.podReports = podReports;
        this.podFailures = podFailures;
        this.acquisition = acquisition;
        this.podBinder = podBinder;
        this.instanceStatus = instanceStatus;
        this.termination = termination;
        this.podRemoval = podRemoval;
        this.rescue = rescue;
        this.reclaims = reclaims;
    }

    void podChanged(PodState state) {
        var pod = state.pod;
        rescue.podSeen(pod);
        var allocation = ledger.allocation(pod.uid());
        if (allocation == null) {
            unclaimed(state);
            return;
        }
        boolean over = pod.deleting() || pod.phase().isTerminal();
        switch (allocation.state()) {
            case AllocationState.Open _ -> {} // decided when the region has said what there is
            case AllocationState.Held _, AllocationState.Binding _ -> {
                if (over || pod.node() != null) {
                    podBinder.settle(allocation, pod);
                }
            }
            case AllocationState.Bound bound -> {
                if (over) {
                    termination.over(allocation, pod, "pod deleted or ended");
                } else {
                    podReports.podChanged(allocation, bound, pod);
                }
            }
            case AllocationState.Ending _, AllocationState.Gone _ -> {}
        }
    }

    void podGone(PodState state) {
        queues.forget(state);
        rescue.podGone(state);
        reclaims.podGone(state.pod.uid());
        var allocation = ledger.allocation(state.pod.uid());
        if (allocation == null) {
            ledger.forget(state.pod.uid());
            return;
        }
        switch (allocation.state()) {
            case AllocationState.Held _, AllocationState.Binding _, AllocationState.Bound _ ->
                termination.end(allocation, "pod gone");
            case AllocationState.Open _, AllocationState.Ending _, AllocationState.Gone _ -> {}
        }
    }

    /** A region reports an instance, or a list shows it. */
    void instanceReported(Instance instance) {
        var allocation = ledger.allocation(instance.tags().podUid());
        if (allocation == null) {
            world.overhear(instance);
            return;
        }
        switch (allocation.state()) {
            case AllocationState.Open open -> acquisition.reported(allocation, open, instance);
            case AllocationState.Owning owning -> {
                if (!allocation.isOf(instance.id())) {
                    world.overhear(instance);
                }
                instanceStatus.reported(allocation, owning, instance);
                rescue.reported(allocation, owning);
                reclaims.reported(allocation);
            }
            case AllocationState.Gone _ -> {}
        }
    }

    /** A pod on a virtual node that no allocation covers: after a start, or bound by somebody else. */
    void unclaimed(PodState state) {
        var pod = state.pod;
        var region = pod.node() == null ? null : world.regionOf(pod.node());
        if (region == null) {
            placer.consider(state);
            return;
        }
        boolean isKnown = world.isCompared(region) || world.isOutOfReach(region);
        if (!world.isListed() || !isKnown) {
            return;
        }
        var bought = pod.instance();
        if (pod.phase().isTerminal() || state.failed) {
            queues.forget(state);
            if (pod.deleting()) {
                podRemoval.go(state, null);
            }
        } else if (bought != null && !ledger.hasEnded(new InstanceKey(region, new InstanceId(bought)))) {
            lookUp(state, region, new InstanceId(bought));
        } else if (bought != null && (pod.phase() == Pod.Phase.RUNNING || !state.wantsInstance)) {
            // What ran once is not started again under the same name. And where another process bound the pod to an
            // instance that has ended, it calls the pod lost, and two processes must not disagree.
            withoutInstance(state, new InstanceId(bought));
        } else if (pod.deleting()) {
            podRemoval.go(state, null);
        } else {
            state.wantsInstance = true;
            placer.consider(state);
            rescue.lacksInstance(state);
        }
    }

    /** A region's list cannot be had: deleted pods whose instances nobody has seen yet have to stay. */
    void unheard(RegionId region, String why) {
        if (world.isCompared(region)) {
            return;
        }
        for (var node : world.nodesOf(region)) {
            for (var uid : world.podsOn(node)) {
                var state = world.pod(uid);
                if (state != null && ledger.allocation(uid) == null) {
                    podRemoval.stays(state, region, Instant.MIN, why);
                }
            }
        }
    }

    /** Finds out what became of the instance that a pod names. */
    private void lookUp(PodState state, RegionId region, InstanceId bought) {
        var entry = world.regions.get(region);
        if (entry == null) {
            podRemoval.stays(state, region, Instant.MIN, "it is declared no more; declare it again");
        } else if (entry.region().lost()) {
            lost(state, new PodFailure.RegionLost(region, null));
        } else {
            step.emit(new Effect.Describe(region, bought, state.pod.uid()));
        }
    }

    private void lost(PodState state, PodFailure why) {
        if (state.pod.deleting()) {
            podRemoval.go(state, null);
        } else {
            podFailures.fail(state, why);
        }
    }

    /** An instance was looked up by id. */
    void describeAnswered(Effect.Describe effect, FindAnswer answer) {
        var allocation = ledger.allocation(effect.uid());
        var state = world.pod(effect.uid());
        if (allocation != null) {
            instanceStatus.described(allocation, effect, answer);
            if (state != null && ledger.allocation(effect.uid()) == null) {
                isTakenOver(state, effect.instance());
            }
        } else if (state != null) {
            described(state, effect, answer);
        }
    }

    private void described(PodState state, Effect.Describe effect, FindAnswer answer) {
        var pod = state.pod;
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE
                    && instance.tags().podUid().equals(pod.uid()) -> podBinder.adopt(state, instance);
            case FindAnswer.Found other -> withoutInstance(state, effect.instance());
            case FindAnswer.NotFound none -> withoutInstance(state, effect.instance());
            case FindAnswer.Unknown(String why) -> {
                podRemoval.stays(state, effect.region(), Instant.MIN, why);
                step.after(Step.pause(2), () -> {
                    if (ledger.allocation(effect.uid()) == null && world.pod(effect.uid()) == state) {
                        step.emit(effect);
                    }
                });
            }
        }
    }

    private void withoutInstance(PodState state, InstanceId gone) {
        var pod = state.pod;
        if (!gone.value().equals(pod.instance())) {
            unclaimed(state); // another process has given it another one meanwhile, or none
        } else if (isTakenOver(state, gone)) {
            return;
        } else if (!pod.phase().isTerminal()) {
            lost(state, new PodFailure.InstanceLost(null));
        } else if (pod.deleting()) {
            podRemoval.go(state, null);
        }
    }

    /** Another process has bought the next instance already, and its report came before what that process writes on the pod. */
    private boolean isTakenOver(PodState state, InstanceId gone) {
        var follower = state.pod.phase().isTerminal() ? null : world.follower(state.pod.uid(), gone);
        if (follower != null) {
            podBinder.adopt(state, follower);
        }
        return follower != null;
    }
}
