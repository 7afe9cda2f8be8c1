package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.report.FailStrategy;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;

/** Follows the instance of a bound pod: shows its state on the pod, and ends what has ended (R11, R25.3). */
public final class InstanceStatus {
    private final Step step;
    private final World world;
    private final UnitMembership unitMembership;
    private final StockPicture stock;
    private final Ledger ledger;
    private final PodReports podReports;
    private final Termination termination;

    public InstanceStatus(
            Step step,
            Ledger ledger,
            StockPicture stock,
            UnitMembership unitMembership,
            PodReports podReports,
            Termination termination) {
        this.step = step;
        this.world = step.world();
        this.unitMembership = unitMembership;
        this.stock = stock;
        this.ledger = ledger;
        this.podReports = podReports;
        this.termination = termination;
    }

    public void reported(Allocation allocation, Instance instance) {
        if (!instance.id().equals(allocation.instanceId()) || !allocation.observe(instance)) {
            return;
        }
        if (allocation.state() == AllocationState.BOUND) {
            instanceChanged(allocation);
        } else if (allocation.state() == AllocationState.ENDING && instance.state() == Instance.State.GONE) {
            termination.ended(allocation);
        }
    }

    public void instanceChanged(Allocation allocation) {
        var instance = allocation.instance();
        if (instance == null) {
            return;
        }
        switch (instance.state()) {
            case ENDING -> {}
            case STARTING -> {
                podReports.reclaimAnnounced(allocation);
                if (instance.containers().stream().anyMatch(container -> container.startedAt() != null)) {
                    podReports.write(allocation); // init containers run, which may take long
                }
            }
            case RUNNING -> {
                podReports.reclaimAnnounced(allocation);
                podReports.write(allocation);
            }
            case SUCCEEDED -> podReports.write(allocation);
            case FAILED -> {
                if (hadNoStock(instance)) {
                    withoutStock(allocation);
                    stockVanished(allocation, instance);
                } else {
                    podReports.write(allocation);
                    reclaimed(allocation, instance);
                }
            }
            case GONE -> step.emit(new Effect.Describe(allocation.region(), instance.id(), allocation.uid()));
        }
    }

    /** Capacity that the region takes back it does not sell: as good as a refusal of the offer. */
    private void reclaimed(Allocation allocation, Instance instance) {
        if (instance.isReclaimed()) {
            stock.failedLater(allocation.offer(), instance.message(), step.now());
            step.agenda().closed(allocation.offer());
        }
    }

    /** A bound pod cannot move, so it asks again in its zone (E54), or fails where it wants to (E55). */
    private void withoutStock(Allocation allocation) {
        var state = world.pod(allocation.uid());
        var strategy = state == null ? FailStrategy.ASK_AGAIN : FailStrategy.of(state.pod);
        switch (strategy) {
            case ASK_AGAIN -> {
                podReports.noStock(allocation);
                if (state != null) {
                    state.wantsInstance = true; // once its present one is confirmed gone
                }
            }
            case FAIL -> podReports.providerFailed(allocation);
        }
    }

    /** Whether the instance failed for want of stock, after it was accepted and before it ran. */
    public static boolean hadNoStock(Instance instance) {
        return instance.state() == Instance.State.FAILED
                && instance.startedAt() == null
                && instance.reason().equals("NoStock");
    }

    /** Such a failure is as good as a refusal: the stock picture learns, and the instance is ended. */
    public void stockVanished(Allocation allocation, Instance instance) {
        stock.failedLater(allocation.offer(), instance.message(), step.now());
        termination.end(allocation, "stock vanished after acceptance");
        step.agenda().closed(allocation.offer());
    }

    /** A pod's status was written. */
    public void statusWritten(PodUid uid, PodStatus status) {
        var state = world.pod(uid);
        if (state == null || !status.phase().isTerminal()) {
            return;
        }
        world.assumeEnded(state, status.phase());
        unitMembership.podChanged(state);
        var allocation = ledger.allocation(uid);
        if (allocation != null && allocation.state() == AllocationState.BOUND) {
            termination.end(allocation, "pod ended");
        }
    }

    /** The region confirms that the instance is gone: the pod is lost, unless another process has given it another one. */
    private void isGone(Allocation allocation, InstanceId instance) {
        var state = world.pod(allocation.uid());
        var shown = state == null ? null : state.pod.instance();
        if (shown != null && !shown.equals(instance.value())) {
            allocation.become(AllocationState.ENDING, step.now());
            termination.gone(allocation);
        } else {
            termination.lost(allocation, "InstanceLost", "The region no longer has the pod's instance.");
        }
    }

    public void described(Allocation allocation, Effect.Describe effect, FindAnswer answer) {
        if (!effect.instance().equals(allocation.instanceId())) {
            return;
        }
        if (allocation.state() == AllocationState.ENDING) {
            termination.described(allocation, answer);
        }
        if (allocation.state() != AllocationState.BOUND) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE -> {
                if (allocation.observe(instance)) {
                    instanceChanged(allocation);
                }
            }
            case FindAnswer.Found gone -> isGone(allocation, effect.instance());
            case FindAnswer.NotFound none -> isGone(allocation, effect.instance());
            case FindAnswer.Unknown unknown ->
                step.after(Step.pause(allocation.countTry()), () -> {
                    if (allocation.state() == AllocationState.BOUND) {
                        step.emit(effect);
                    }
                });
        }
    }
}
