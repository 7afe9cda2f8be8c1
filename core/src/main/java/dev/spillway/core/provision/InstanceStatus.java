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

/** Follows the instance of a bound pod: shows its state on the pod, and ends what has ended (ARCHITECTURE.md, "The life of a pod"). */
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

    public void reported(Allocation claim, Instance instance) {
        if (!instance.id().equals(claim.instanceId()) || !claim.observe(instance)) {
            return;
        }
        if (claim.state() == AllocationState.BOUND) {
            instanceChanged(claim);
        } else if (claim.state() == AllocationState.ENDING && instance.state() == Instance.State.GONE) {
            termination.ended(claim);
        }
    }

    public void instanceChanged(Allocation claim) {
        var instance = claim.instance();
        if (instance == null) {
            return;
        }
        switch (instance.state()) {
            case ENDING -> {}
            case STARTING -> {
                podReports.reclaimAnnounced(claim);
                if (instance.containers().stream().anyMatch(container -> container.startedAt() != null)) {
                    podReports.write(claim); // init containers run, which may take long
                }
            }
            case RUNNING -> {
                podReports.reclaimAnnounced(claim);
                podReports.write(claim);
            }
            case SUCCEEDED -> podReports.write(claim);
            case FAILED -> {
                if (hadNoStock(instance)) {
                    withoutStock(claim);
                    stockVanished(claim, instance);
                } else {
                    podReports.write(claim);
                    reclaimed(claim, instance);
                }
            }
            case GONE -> step.emit(new Effect.Describe(claim.region(), instance.id(), claim.uid()));
        }
    }

    /** Capacity that the region takes back it does not sell: as good as a refusal of the offer. */
    private void reclaimed(Allocation claim, Instance instance) {
        if (instance.isReclaimed()) {
            stock.failedLater(claim.offer(), instance.message(), step.now());
            step.agenda().closed(claim.offer());
        }
    }

    /** A bound pod cannot move, so it asks again in its zone (E54), or fails where it wants to (E55). */
    private void withoutStock(Allocation claim) {
        var state = world.pod(claim.uid());
        var strategy = state == null ? FailStrategy.ASK_AGAIN : FailStrategy.of(state.pod);
        switch (strategy) {
            case ASK_AGAIN -> {
                podReports.noStock(claim);
                if (state != null) {
                    state.wantsInstance = true; // once its present one is confirmed gone
                }
            }
            case FAIL -> podReports.providerFailed(claim);
        }
    }

    /** Whether the instance failed for want of stock, after it was accepted and before it ran. */
    public static boolean hadNoStock(Instance instance) {
        return instance.state() == Instance.State.FAILED
                && instance.startedAt() == null
                && instance.reason().equals("NoStock");
    }

    /** Such a failure is as good as a refusal: the stock picture learns, and the instance is ended. */
    public void stockVanished(Allocation claim, Instance instance) {
        stock.failedLater(claim.offer(), instance.message(), step.now());
        termination.end(claim, "stock vanished after acceptance");
        step.agenda().closed(claim.offer());
    }

    /** A pod's status was written. */
    public void statusWritten(PodUid uid, PodStatus status) {
        var state = world.pod(uid);
        if (state == null || !status.phase().isTerminal()) {
            return;
        }
        world.assumeEnded(state, status.phase());
        unitMembership.podChanged(state);
        var claim = ledger.claim(uid);
        if (claim != null && claim.state() == AllocationState.BOUND) {
            termination.end(claim, "pod ended");
        }
    }

    /** The region confirms that the instance is gone: the pod is lost, unless another process has given it another one. */
    private void isGone(Allocation claim, InstanceId instance) {
        var state = world.pod(claim.uid());
        var shown = state == null ? null : state.pod.instance();
        if (shown != null && !shown.equals(instance.value())) {
            claim.become(AllocationState.ENDING, step.now());
            termination.gone(claim);
        } else {
            termination.lost(claim, "InstanceLost", "The region no longer has the pod's instance.");
        }
    }

    public void described(Allocation claim, Effect.Describe effect, FindAnswer answer) {
        if (!effect.instance().equals(claim.instanceId())) {
            return;
        }
        if (claim.state() == AllocationState.ENDING) {
            termination.described(claim, answer);
        }
        if (claim.state() != AllocationState.BOUND) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE -> {
                if (claim.observe(instance)) {
                    instanceChanged(claim);
                }
            }
            case FindAnswer.Found gone -> isGone(claim, effect.instance());
            case FindAnswer.NotFound none -> isGone(claim, effect.instance());
            case FindAnswer.Unknown unknown ->
                step.after(Step.pause(claim.countTry()), () -> {
                    if (claim.state() == AllocationState.BOUND) {
                        step.emit(effect);
                    }
                });
        }
    }
}
