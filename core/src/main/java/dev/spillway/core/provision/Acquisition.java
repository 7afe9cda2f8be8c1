package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationEvent;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.Tokens;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes the regions' answers to what was asked for: accepted, refused, or lost, which is never taken for a refusal (R22.3,
 * R22.4).
 */
public final class Acquisition {
    /** How long a region that refused a pod's request as invalid is not asked for that pod again; chosen. */
    private static final Duration INVALID = Duration.ofMinutes(5);

    /** How long a region is not asked for a pod again for which not everything was at hand that it needs there; chosen. */
    private static final Doubling UNPREPARED = new Doubling(Duration.ofSeconds(1), Duration.ofMinutes(1));

    /** Answers usually come sooner; only then is a pod told that it waits for one. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** Settle time of a region that has not declared one. */
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Settings settings;
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final RealNodes realNodes;
    private final UnitMembership unitMembership;
    private final Explainer explainer;
    private final PodBinder podBinder;
    private final Termination termination;

    public Acquisition(
            Step step,
            Ledger ledger,
            StockPicture stock,
            RealNodes realNodes,
            UnitMembership unitMembership,
            Explainer explainer,
            PodBinder podBinder,
            Termination termination) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.realNodes = realNodes;
        this.unitMembership = unitMembership;
        this.explainer = explainer;
        this.podBinder = podBinder;
        this.termination = termination;
    }

    /** Asks a region for an instance for the pod. */
    public void ask(PodState state, Walk.Ask ask, boolean late) {
        var pod = state.pod;
        var region = ask.offer().region();
        int incarnation = ledger.incarnation(pod.uid(), region);
        var policy = ask.policy();
        var tags = new Tags(
                settings.clusterId(),
                pod.uid(),
                pod.key(),
                ask.offer(),
                policy == null ? "" : policy.name(),
                ask.generation(),
                ask.unit(),
                incarnation);
        var token = Tokens.of(settings.clusterId(), pod.uid(), region, incarnation);
        var allocation = new Allocation(
                tags,
                token,
                ask.node(),
                ask.labels(),
                ask.annotations(),
                late,
                ask.passed().unitsText(),
                new AllocationState.Asking(
                        stock.asked(ask.offer(), pod.spec().priority(), step.now()), step.now(), null));
        ledger.open(allocation);
        if (!late) {
            realNodes.assume(pod, allocation.node(), allocation.labels(), Certainty.ASKED);
        }
        if (state.wait != null) {
            state.wait.explanation = null;
        }
        if (policy != null) {
            unitMembership.onTheWay(state, ask.node(), ask.labels(), ask.annotations());
        }
        step.after(SOON, () -> explainer.stillAsking(state, allocation, ask, late));
        step.emit(new Effect.Acquire(
                region,
                new AcquireRequest(
                        token,
                        tags,
                        pod.spec().requests(),
                        pod.spec().containers(),
                        pod.spec().restartPolicy())));
    }

    public void acquireAnswered(Effect.Acquire effect, AcquireAnswer answer) {
        var request = effect.request();
        var allocation = ledger.allocation(request.tags().podUid());
        if (allocation == null
                || !(allocation.state() instanceof AllocationState.Asking asking)
                || !allocation.token().equals(request.token())
                || !allocation.offer().equals(request.offer())) {
            if (answer instanceof AcquireAnswer.Accepted(Instance instance)) {
                unexpected(instance);
            }
            return;
        }
        boolean narrow =
                stock.isNarrow(allocation.region()); // then pods that wait for other offers of it wait for this, too
        var reported = asking.reported(); // whatever the answer says, there is an instance then
        switch (answer) {
            case AcquireAnswer.Accepted(Instance instance) -> accepted(allocation, asking, instance);
            case AcquireAnswer.Refused(Refusal refusal) -> {
                if (reported == null) {
                    refused(allocation, asking, refusal);
                } else {
                    accepted(allocation, asking, reported);
                }
            }
            case AcquireAnswer.Unknown(String why) -> {
                if (reported == null) {
                    lost(allocation, asking, why);
                } else {
                    accepted(allocation, asking, reported);
                }
            }
            case AcquireAnswer.Spent(InstanceId instance) -> {
                stock.released(asking.ticket(), step.now());
                spent(allocation, instance);
            }
        }
        if (narrow) {
            step.agenda().opened(allocation.region());
        } else {
            step.agenda().opened(allocation.offer());
        }
    }

    private void accepted(Allocation allocation, AllocationState.Asking asking, Instance instance) {
        stock.accepted(asking.ticket(), step.now());
        arrived(allocation, instance, new AllocationEvent.Accepted(instance, step.now()));
    }

    private void lost(Allocation allocation, AllocationState.Asking asking, String why) {
        stock.silent(asking.ticket(), why, step.now());
        allocation.on(new AllocationEvent.AnswerLost(step.now()));
        doubtPlace(allocation);
        var state = world.pod(allocation.uid());
        if (state != null) {
            state.waiting().explanation =
                    Explanation.of(new RegionReason.AnswerLost(allocation.region(), asking.since(), why));
            explainer.explain(state, Duration.ZERO, allocation.isLate());
        }
        find(allocation);
        step.agenda().closed(allocation.region());
    }

    /** What the token bought was told to terminate; only when it is gone may the next one be bought. */
    private void spent(Allocation allocation, InstanceId instance) {
        termination.spent(
                allocation,
                new Instance(instance, allocation.tags(), Instance.State.ENDING, 0, null, null, null, null, 0, "", ""));
    }

    /** A report about an instance that was asked for, before it is known that there is one. */
    public void reported(Allocation allocation, AllocationState.Open open, Instance instance) {
        boolean askedFor = instance.tags().offer().region().equals(allocation.region())
                && instance.tags().incarnation() == allocation.tags().incarnation();
        if (!askedFor) {
            return;
        }
        switch (open) {
            case AllocationState.Unknown _ -> found(allocation, instance);
            case AllocationState.Asking _ -> {
                if (instance.tags().equals(allocation.tags())) {
                    allocation.on(new AllocationEvent.Reported(instance)); // till the answer, which may be older
                }
            }
        }
    }

    private void found(Allocation allocation, Instance instance) {
        arrived(allocation, instance, new AllocationEvent.Found(instance, step.now()));
    }

    /** The region has an instance for the allocation: by its answer, a look-up or a report, whichever came first. */
    private void arrived(Allocation allocation, Instance told, AllocationEvent event) {
        if (!told.tags().equals(allocation.tags())) {
            replaced(allocation, told);
            return;
        }
        allocation.on(event);
        if (allocation.state() instanceof AllocationState.Gone) {
            termination.gone(allocation);
        } else {
            podBinder.held(allocation);
        }
    }

    /**
     * Another process asked with the same token, in another zone or for another unit: the instance is the pod's, but its own tags
     * say where it is and what to write onto the pod.
     */
    private void replaced(Allocation allocation, Instance instance) {
        allocation.on(new AllocationEvent.Replaced());
        if (instance.state() == Instance.State.GONE) {
            termination.gone(allocation);
            return;
        }
        var state = world.pod(allocation.uid());
        if (state == null) {
            termination.drop(allocation);
            leftover(instance);
            return;
        }
        ledger.close(allocation);
        podBinder.adopt(state, instance);
    }

    private void refused(Allocation allocation, AllocationState.Asking asking, Refusal refusal) {
        var scope = stock.refused(asking.ticket(), refusal, step.now());
        var state = world.pod(allocation.uid());
        switch (scope) {
            case OFFER -> step.agenda().closed(allocation.offer());
            case REGION -> step.agenda().closed(allocation.region());
            case REQUEST -> {
                if (state != null) {
                    state.waiting()
                            .refusals
                            .compute(allocation.region(), (region, last) -> ofRequest(region, refusal, last));
                }
            }
        }
        if (scope != StockPicture.Scope.REQUEST && state != null && state.wait != null) {
            state.wait.refusals.remove(allocation.region()); // whatever it was, it is not what keeps the pod out now
        }
        allocation.on(new AllocationEvent.Refused());
        termination.drop(allocation);
    }

    private RegionReason.OfRequest ofRequest(RegionId region, Refusal refusal, RegionReason.@Nullable OfRequest last) {
        if (!(refusal instanceof Refusal.Unprepared)) {
            return new RegionReason.RequestInvalid(
                    region, refusal.message(), step.now().plus(INVALID));
        }
        int tries = last instanceof RegionReason.Unprepared unprepared ? unprepared.tries() + 1 : 1;
        return new RegionReason.Unprepared(
                region, refusal.message(), tries, step.now().plus(UNPREPARED.at(tries)));
    }

    /** Until it is known what there is, the pod is no company to rely on, unless it was bound before. */
    private void doubtPlace(Allocation allocation) {
        if (world.isUnbound(allocation.uid())) {
            realNodes.doubted(allocation.uid());
        }
    }

    /** A held instance may have been ended by another process: the region is asked by token, as after a lost answer. */
    public void doubt(PodUid uid) {
        var allocation = ledger.allocation(uid);
        if (allocation != null && allocation.state() instanceof AllocationState.Held) {
            allocation.on(new AllocationEvent.Doubted(step.now()));
            doubtPlace(allocation);
            find(allocation);
        }
    }

    private void find(Allocation allocation) {
        step.emit(new Effect.Find(allocation.region(), allocation.uid(), allocation.token()));
    }

    private void findLater(Allocation allocation, Duration pause) {
        step.after(pause, () -> {
            if (allocation.state() instanceof AllocationState.Unknown) {
                allocation.on(new AllocationEvent.LookedUp(step.now()));
                find(allocation);
            }
        });
    }

    public void findAnswered(Effect.Find effect, FindAnswer answer) {
        var allocation = ledger.allocation(effect.uid());
        if (allocation == null
                || !(allocation.state() instanceof AllocationState.Unknown unknown)
                || !allocation.token().equals(effect.token())) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance) -> found(allocation, instance);
            case FindAnswer.NotFound none -> notFound(allocation, unknown);
            case FindAnswer.Unknown(String why) -> {
                termination.stays(allocation, unknown.since(), why);
                allocation.on(new AllocationEvent.TriedInVain());
                findLater(allocation, Step.pause(unknown.tries()));
            }
        }
    }

    private void notFound(Allocation allocation, AllocationState.Unknown unknown) {
        var capabilities = world.capabilities(allocation.region());
        var settle = capabilities == null ? SETTLE : capabilities.settle();
        var conclusive = unknown.since().plus(settle);
        if (unknown.lookedUpAt().isBefore(conclusive)) {
            findLater(allocation, Duration.between(step.now(), conclusive).plusMillis(1));
        } else {
            allocation.on(new AllocationEvent.NotFound());
            termination.drop(allocation);
        }
    }

    /** An instance nobody waits for any more: superfluous, unless it is the one that the pod has. */
    private void unexpected(Instance instance) {
        var allocation = ledger.allocation(instance.tags().podUid());
        var state = world.pod(instance.tags().podUid());
        var id = instance.id();
        boolean isThePods = (allocation != null && allocation.isOf(id))
                || (state != null && id.value().equals(state.pod.instance()));
        if (!isThePods && instance.state().isLive()) {
            leftover(instance);
        }
    }

    private void leftover(Instance instance) {
        termination.leftover(instance, "no longer wanted");
    }
}
