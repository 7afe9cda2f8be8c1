package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationEvent;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.report.FailStrategy;
import dev.spillway.core.report.PodFailure;
import dev.spillway.core.report.PodFailures;
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
    private final PodFailures podFailures;
    private final Termination termination;

    public InstanceStatus(
            Step step,
            Ledger ledger,
            StockPicture stock,
            UnitMembership unitMembership,
            PodReports podReports,
            PodFailures podFailures,
            Termination termination) {
        this.step = step;
        this.world = step.world();
        this.unitMembership = unitMembership;
        this.stock = stock;
        this.ledger = ledger;
        this.podReports = podReports;
        this.podFailures = podFailures;
        this.termination = termination;
    }

    /** A report about an instance that is there. */
    public void reported(Allocation allocation, AllocationState.Owning owning, Instance instance) {
        if (!instance.id().equals(owning.instance().id()) || instance.isOlderThan(owning.instance())) {
            return;
        }
        allocation.on(new AllocationEvent.Reported(instance));
        if (allocation.state() instanceof AllocationState.Ending ending && instance.state() == Instance.State.GONE) {
            termination.ended(allocation, ending);
        } else {
            instanceChanged(allocation);
        }
    }

    /** The pod was bound to the instance, or there is news of the instance: shown on the pod, once it is bound. */
    public void instanceChanged(Allocation allocation) {
        if (!(allocation.state() instanceof AllocationState.Bound bound)) {
            return;
        }
        var instance = bound.instance();
        switch (instance.state()) {
            case ENDING -> {}
            case STARTING -> {
                podReports.reclaimAnnounced(allocation);
                if (instance.containers().stream().anyMatch(ContainerReport::isTelling)) {
                    podReports.write(
                            allocation); // init containers run, which may take long, or something keeps it from
                    // starting
                }
            }
            case RUNNING -> {
                podReports.reclaimAnnounced(allocation);
                podReports.write(allocation);
            }
            case SUCCEEDED -> podReports.write(allocation);
            case FAILED -> {
                if (hadNoStock(instance)) {
                    withoutStock(allocation, instance);
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
    private void withoutStock(Allocation allocation, Instance instance) {
        var state = world.pod(allocation.uid());
        var strategy = state == null ? FailStrategy.ASK_AGAIN : FailStrategy.of(state.pod);
        switch (strategy) {
            case ASK_AGAIN, GIVE_WAY -> {
                podReports.noStock(allocation, instance);
                if (state != null) {
                    state.wantsInstance = true; // once its present one is confirmed gone
                }
            }
            case FAIL -> {
                if (state != null) {
                    podFailures.fail(state, new PodFailure.StockVanished(instance.message()));
                }
            }
        }
    }

    /** Whether the instance failed for want of stock, after it was accepted and before it ran. */
    public static boolean hadNoStock(Instance instance) {
        return instance.state() == Instance.State.FAILED && neverHadStock(instance);
    }

    private static boolean neverHadStock(Instance instance) {
        return instance.startedAt() == null && instance.reason().equals("NoStock");
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
        if (allocation != null && allocation.state() instanceof AllocationState.Bound) {
            termination.over(allocation, state.pod, "pod ended");
        }
    }

    /**
     * The region confirms that the instance is gone: the pod is lost, unless another process has given it another one, as its annotation tells or a report
     * of that one, which may come first. One that was gone for want of stock before it was seen to fail is no other thing than one that failed so.
     *
     * @param last what is known of it
     */
    private void isGone(Allocation allocation, AllocationState.Bound bound, Instance last) {
        var state = world.pod(allocation.uid());
        var shown = state == null ? null : state.pod.instance();
        boolean isOver =
                state != null && state.pod.phase().isTerminal(); // what was kept of it is gone, which changes nothing
        var follower = world.follower(allocation.uid(), bound.instance().id());
        boolean isFollowed = follower != null
                && follower.tags().incarnation() > allocation.tags().incarnation()
                && follower.tags().offer().region().equals(allocation.region());
        if (isOver || isFollowed || (shown != null && !allocation.isOf(new InstanceId(shown)))) {
            allocation.on(new AllocationEvent.Ended());
            termination.gone(allocation);
        } else if (neverHadStock(last)) {
            withoutStock(allocation, last);
            stockVanished(allocation, last);
        } else {
            termination.instanceLost(allocation, bound);
        }
    }

    /** What a look at the instance has found. */
    public void described(Allocation allocation, Effect.Describe effect, FindAnswer answer) {
        if (!allocation.isOf(effect.instance())) {
            return;
        }
        switch (allocation.state()) {
            case AllocationState.Bound bound -> described(allocation, bound, effect, answer);
            case AllocationState.Ending ending -> termination.described(allocation, ending, answer);
            case AllocationState.Open _, AllocationState.Held _, AllocationState.Binding _, AllocationState.Gone _ -> {}
        }
    }

    private void described(
            Allocation allocation, AllocationState.Bound bound, Effect.Describe effect, FindAnswer answer) {
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE -> {
                if (!instance.isOlderThan(bound.instance())) {
                    allocation.on(new AllocationEvent.Reported(instance));
                    instanceChanged(allocation);
                }
            }
            case FindAnswer.Found(Instance gone) -> isGone(allocation, bound, gone);
            case FindAnswer.NotFound none -> isGone(allocation, bound, bound.instance());
            case FindAnswer.Unknown unknown -> {
                allocation.on(new AllocationEvent.TriedInVain());
                step.after(Step.pause(bound.tries()), () -> {
                    if (allocation.state() instanceof AllocationState.Bound) {
                        step.emit(effect);
                    }
                });
            }
        }
    }
}
