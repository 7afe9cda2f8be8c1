package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi.Announcement;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.step.BindAttempt;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Brings a held instance and its pod together: "who is bound when" is decided here (ARCHITECTURE.md, "The life of a pod"). */
public final class PodBinder {
    private final Settings settings;
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final RealNodes realNodes;
    private final Queues queues;
    private final DeletionCostNotices deletionCostNotices;
    private final Explainer explainer;
    private final EarlierInstances earlierInstances;
    private final InstanceStatus instanceStatus;
    private final Termination termination;
    private final UnitMembership unitMembership;
    private final PodWrites writes;
    private final SlotReservations slotReservations;

    public PodBinder(
            Step step,
            Ledger ledger,
            RealNodes realNodes,
            EarlierInstances earlierInstances,
            UnitMembership unitMembership,
            DeletionCostNotices deletionCostNotices,
            Explainer explainer,
            SlotReservations slotReservations,
            InstanceStatus instanceStatus,
            Termination termination) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.realNodes = realNodes;
        this.queues = step.queues();
        this.deletionCostNotices = deletionCostNotices;
        this.explainer = explainer;
        this.earlierInstances = earlierInstances;
        this.instanceStatus = instanceStatus;
        this.termination = termination;
        this.unitMembership = unitMembership;
        this.writes = step.writes();
        this.slotReservations = slotReservations;
    }

    /** The region holds an instance for the claim. */
    public void held(Allocation claim) {
        claim.become(AllocationState.HELD, step.now());
        realNodes.settled(claim.uid());
        var state = world.pod(claim.uid());
        if (state == null) {
            unitMembership.arrived(claim.uid(), null); // it counted until this answer
            termination.end(claim, "pod gone");
        } else {
            settleHeld(claim, state.pod);
        }
    }

    /** Takes an instance that another process acquired into custody, by its tags. */
    public void adopt(PodState state, Instance shown) {
        var instance = world.newest(shown);
        var tags = instance.tags();
        ledger.seen(tags.podUid(), tags.offer().region(), tags.incarnation());
        var claim = Adoption.claimOf(world, state.pod, instance, step.now());
        ledger.open(claim);
        if (state.pod.isWaiting()) {
            realNodes.assume(state.pod, claim.node(), claim.labels(), Certainty.SURE);
        }
        claim.observe(instance);
        queues.forget(state);
        if (!tags.policy().isEmpty()) {
            unitMembership.onTheWay(state, claim.node(), claim.labels(), claim.annotations());
        }
        claim.written(shownBy(state.pod, instance));
        settleHeld(claim, state.pod);
    }

    /** What a pod of whose writes nothing is known seems to show; null where it has to be shown anew. */
    private static Allocation.@Nullable Shown shownBy(Pod pod, Instance instance) {
        boolean gatesMet = pod.readinessGates().stream().allMatch(ReadinessGate::isMet);
        boolean runs = pod.phase() == Pod.Phase.RUNNING && instance.state() == Instance.State.RUNNING;
        return runs && (pod.readinessGates().isEmpty() || pod.ready() == gatesMet)
                ? PodReports.shown(pod, instance)
                : null;
    }

    /** Binds the pod to a held instance, unless the pod went another way meanwhile. */
    public void settleHeld(Allocation claim, Pod pod) {
        if (pod.deleting() || pod.phase().isTerminal()) {
            if (claim.node().equals(pod.node())) {
                bound(claim, false);
            }
            termination.end(claim, "pod deleted or ended");
        } else if (pod.node() == null) {
            bindIfUsable(claim);
        } else if (isOurs(claim, pod)) {
            bound(claim, pod.instance() == null);
        } else {
            termination.end(claim, "pod bound elsewhere");
        }
    }

    /** Whether the pod is bound to the claim's instance, or to its node without any instance that has not ended. */
    private boolean isOurs(Allocation claim, Pod pod) {
        if (!claim.node().equals(pod.node())) {
            return false;
        }
        var bought = pod.instance();
        var mine = claim.instanceId();
        return bought == null
                || (mine != null && bought.equals(mine.value()))
                || ledger.hasEnded(new InstanceKey(claim.region(), new InstanceId(bought)));
    }

    /** A held instance that has ended already is let go: no pod is bound to it. */
    private void bindIfUsable(Allocation claim) {
        if (!isUsable(claim)) {
            letGo(claim);
        } else if (claim.state() == AllocationState.HELD
                && world.isTerminating(claim.pod().namespace())) {
            termination.end(claim, "the pod's namespace is being deleted");
        } else if (claim.state() == AllocationState.BINDING) {
            bind(claim);
        } else if (claim.slotRequest() == null) {
            reserve(claim);
        }
    }

    /** Before a pod is bound into a capped unit, the slot is reserved. */
    private void reserve(Allocation claim) {
        var tags = claim.tags();
        if (tags.policy().isEmpty()) {
            bind(claim);
            return;
        }
        var policy = new PolicyKey(tags.pod().namespace(), tags.policy());
        var request = slotReservations.reserve(claim.uid(), policy, claim.annotations());
        claim.slotRequest(request);
        if (request == null) {
            granted(claim);
        }
    }

    /** A request for a slot was answered. */
    public void slotAnswered(Allocation claim, SlotRequest request, SlotAnswer answer) {
        if (!request.equals(claim.slotRequest())) {
            return;
        }
        claim.slotRequest(answer instanceof SlotAnswer.Delayed ? request : null);
        if (claim.state() != AllocationState.HELD) {
            return;
        }
        switch (answer) {
            case SlotAnswer.Granted() -> granted(claim);
            case SlotAnswer.Stale() -> step.agenda().instanceDoubted(claim.uid());
            case SlotAnswer.Denied(String why) -> termination.end(claim, why);
            case SlotAnswer.Delayed(Instant until) -> {
                var state = world.pod(claim.uid());
                if (state != null) {
                    var policy =
                            new PolicyKey(claim.pod().namespace(), claim.tags().policy());
                    state.waiting().explanation = Explanation.of(new PolicyReason.CapTakenOver(policy, until));
                    explainer.explain(state, Duration.ofSeconds(2), claim.isLate());
                }
            }
        }
    }

    private void granted(Allocation claim) {
        var state = world.pod(claim.uid());
        if (state == null) {
            return;
        }
        if (state.pod.isWaiting()
                && isUsable(claim)
                && !world.isTerminating(claim.pod().namespace())) {
            bind(claim);
        } else {
            settleHeld(claim, state.pod);
        }
    }

    private static boolean isUsable(Allocation claim) {
        var instance = claim.instance();
        return instance != null
                && (instance.state() == Instance.State.STARTING || instance.state() == Instance.State.RUNNING);
    }

    private void letGo(Allocation claim) {
        var instance = claim.instance();
        if (instance != null && InstanceStatus.hadNoStock(instance)) {
            instanceStatus.stockVanished(claim, instance);
        } else {
            termination.end(claim, "instance ended before the pod was bound");
        }
    }

    private void bind(Allocation claim) {
        if (claim.state() == AllocationState.HELD) {
            claim.become(AllocationState.BINDING, step.now());
        }
        var state = world.pod(claim.uid());
        if (state != null && claim.lastBindAt() == null) {
            claim.annotationsBefore(state.pod.annotations());
        }
        claim.bindSent(step.now());
        step.emit(new Effect.Bind(new Binding(
                claim.pod(),
                claim.uid(),
                claim.node(),
                claim.labels(),
                claim.annotations().with(claim.instanceAnnotations()))));
    }

    public void bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var binding = effect.binding();
        var claim = ledger.claim(binding.uid());
        if (claim == null
                || claim.state() != AllocationState.BINDING
                || !claim.node().equals(binding.node())) {
            return;
        }
        if (answer instanceof WriteAnswer.Done) {
            bound(claim, false);
            return;
        }
        var why = switch (answer) {
            case WriteAnswer.Done() -> "";
            case WriteAnswer.Conflict(String message) -> message;
            case WriteAnswer.Gone() -> "the pod is gone";
            case WriteAnswer.Refused(int code, String message) -> code + " " + message;
            case WriteAnswer.Unknown(String message) -> message;
        };
        var state = world.pod(claim.uid());
        if (state != null) {
            state.waiting().explanation = Explanation.of(new RegionReason.BindFailing(claim.region(), why));
            explainer.explain(state, Duration.ofSeconds(2), false);
        }
        step.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
    }

    /** What a quorum read says about a pod whose binding is in doubt. */
    public void podRead(PodUid uid, PodReadAnswer answer) {
        var claim = ledger.claim(uid);
        if (claim == null || claim.state() != AllocationState.BINDING) {
            return;
        }
        switch (answer) {
            case PodReadAnswer.Unknown unknown ->
                step.after(Step.pause(claim.countTry()), () -> {
                    if (claim.state() == AllocationState.BINDING) {
                        step.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
                    }
                });
            case PodReadAnswer.Gone() -> termination.end(claim, "pod gone");
            case PodReadAnswer.Found(Pod pod) -> {
                if (!pod.uid().equals(uid)) {
                    termination.end(claim, "pod replaced by another of its name");
                } else if (pod.node() == null && !pod.deleting() && !pod.phase().isTerminal()) {
                    retryBind(claim);
                } else {
                    settleHeld(claim, pod);
                }
            }
        }
    }

    private void retryBind(Allocation claim) {
        var heldAt = claim.heldAt();
        var sentAt = claim.lastBindAt();
        if (isUsable(claim) && heldAt != null && step.now().isBefore(heldAt.plus(settings.hold()))) {
            step.after(Step.pause(claim.countTry()), () -> {
                if (claim.state() != AllocationState.BINDING) {
                    return;
                }
                if (isUsable(claim)) {
                    bind(claim);
                } else {
                    step.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
                }
            });
        } else if (sentAt != null && step.now().isBefore(sentAt.plus(BindAttempt.FATE))) {
            step.at(sentAt.plus(BindAttempt.FATE), () -> {
                if (claim.state() == AllocationState.BINDING) {
                    step.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
                }
            });
        } else if (isUsable(claim)) {
            termination.end(claim, "the pod could not be bound in time");
        } else {
            letGo(claim);
        }
    }

    /** The pod is bound to the claim's node. */
    private void bound(Allocation claim, boolean annotate) {
        claim.become(AllocationState.BOUND, step.now());
        var state = world.pod(claim.uid());
        if (state != null) {
            world.assume(
                    state, claim.node(), claim.labels(), claim.annotations().with(claim.instanceAnnotations()));
            queues.forget(state);
            unitMembership.podChanged(state);
        }
        if (state != null && (annotate || claim.isLate())) {
            // No binding of ours carried them. Labels of a pod that is bound already are left alone.
            writes.annotate(
                    state,
                    claim.isLate()
                            ? claim.annotations().with(claim.instanceAnnotations())
                            : claim.instanceAnnotations());
        }
        earlierInstances.placed(claim.pod(), claim.uid());
        if (claim.lastBindAt() != null) {
            deletionCostNotices.overwritten(claim.pod(), claim.uid(), claim.annotationsBefore(), claim.annotations());
            step.emit(new Effect.Announce(
                    claim.pod(),
                    claim.uid(),
                    new Announcement(false, "Scheduled", Explainer.shortened(scheduled(claim)))));
        }
        var region = world.regions.get(claim.region());
        if (region != null && region.region().lost()) {
            termination.lost(claim, "RegionLost", "An operator declared region " + claim.region() + " lost.");
        } else {
            instanceStatus.instanceChanged(claim);
        }
    }

    private String scheduled(Allocation claim) {
        var tags = claim.tags();
        var policy = new PolicyKey(tags.pod().namespace(), tags.policy());
        var what = "%s %s %s"
                .formatted(
                        world.resourceOf(policy, tags.unit()),
                        claim.region(),
                        claim.offer().product());
        var text = "Assigned %s to %s (%s)".formatted(claim.pod(), claim.node(), what.strip());
        if (!tags.policy().isEmpty()) {
            text += ", unit %d of policy %s".formatted(tags.unit(), tags.policy());
        }
        return claim.passedOver().isEmpty() ? text : text + "; passed over " + claim.passedOver();
    }
}
