package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.allocation.Tokens;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
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

/**
 * Takes the regions' answers to what was asked for: accepted, refused, or lost, which is never taken for a refusal (ARCHITECTURE.md, "Rules
 * that hold everywhere").
 */
public final class Acquisition {
    /** How long a region that refused a pod's request as invalid is not asked for that pod again; chosen. */
    private static final Duration INVALID = Duration.ofMinutes(5);

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
        var claim = new Allocation(
                tags,
                token,
                ask.node(),
                ask.labels(),
                ask.annotations(),
                late,
                ask.passed().unitsText(),
                AllocationState.ASKING,
                step.now());
        ledger.open(claim);
        if (!late) {
            realNodes.assume(pod, claim.node(), claim.labels(), Certainty.ASKED);
        }
        if (state.wait != null) {
            state.wait.explanation = null;
        }
        if (policy != null) {
            unitMembership.onTheWay(state, ask.node(), ask.labels(), ask.annotations());
        }
        claim.ticket(stock.asked(ask.offer(), pod.spec().priority(), step.now()));
        step.after(SOON, () -> explainer.stillAsking(state, claim, ask, late));
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
        var claim = ledger.claim(request.tags().podUid());
        boolean awaited = claim != null
                && claim.token().equals(request.token())
                && claim.offer().equals(request.offer())
                && claim.state() == AllocationState.ASKING;
        if (claim == null || !awaited) {
            if (answer instanceof AcquireAnswer.Accepted(Instance instance)) {
                unexpected(instance);
            }
            return;
        }
        var ticket = claim.ticket();
        claim.ticket(null);
        if (ticket == null) {
            throw new IllegalStateException("The claim of pod %s asks without a ticket.".formatted(claim.pod()));
        }
        boolean narrow =
                stock.isNarrow(claim.region()); // then pods that wait for other offers of it wait for this, too
        var reported = claim.instance(); // by a report that overtook the answer: whatever this says, there is one
        switch (answer) {
            case AcquireAnswer.Accepted(Instance instance) -> accepted(claim, ticket, instance);
            case AcquireAnswer.Refused(Refusal refusal) -> {
                if (reported == null) {
                    refused(claim, ticket, refusal);
                } else {
                    accepted(claim, ticket, reported);
                }
            }
            case AcquireAnswer.Unknown(String why) -> {
                if (reported == null) {
                    lost(claim, ticket, why);
                } else {
                    accepted(claim, ticket, reported);
                }
            }
            case AcquireAnswer.Spent(InstanceId instance) -> {
                stock.released(ticket, step.now());
                spent(claim, instance);
            }
        }
        if (narrow) {
            step.agenda().opened(claim.region());
        } else {
            step.agenda().opened(claim.offer());
        }
    }

    private void accepted(Allocation claim, StockPicture.Ticket ticket, Instance instance) {
        stock.accepted(ticket, step.now());
        arrived(claim, instance);
    }

    private void lost(Allocation claim, StockPicture.Ticket ticket, String why) {
        stock.silent(ticket, why, step.now());
        var asked = claim.since();
        claim.become(AllocationState.UNKNOWN, step.now());
        doubtPlace(claim);
        var state = world.pod(claim.uid());
        if (state != null) {
            state.waiting().explanation = Explanation.of(new RegionReason.AnswerLost(claim.region(), asked, why));
            explainer.explain(state, Duration.ZERO, claim.isLate());
        }
        find(claim);
        step.agenda().closed(claim.region());
    }

    /** What the token bought was told to terminate; only when it is gone may the next one be bought. */
    private void spent(Allocation claim, InstanceId instance) {
        claim.observe(
                new Instance(instance, claim.tags(), Instance.State.ENDING, 0, null, null, null, null, 0, "", ""));
        claim.become(AllocationState.HELD, step.now());
        termination.end(claim, "its token is spent");
    }

    /** A report about an instance that was asked for, before the region's answer. */
    public void reported(Allocation claim, Instance instance) {
        boolean askedFor = instance.tags().offer().region().equals(claim.region())
                && instance.tags().incarnation() == claim.tags().incarnation();
        if (!askedFor) {
            return;
        }
        if (claim.state() == AllocationState.UNKNOWN) {
            arrived(claim, instance);
        } else if (instance.tags().equals(claim.tags())) {
            claim.observe(instance); // kept until the answer comes, which may be older
        }
    }

    /** The region has an instance for the claim: by its answer, a look-up or a report, whichever came first. */
    private void arrived(Allocation claim, Instance told) {
        if (!told.tags().equals(claim.tags())) {
            replaced(claim, told);
            return;
        }
        claim.observe(told);
        var instance = claim.instance();
        if (instance != null && instance.state() == Instance.State.GONE) {
            termination.gone(claim);
        } else {
            podBinder.held(claim);
        }
    }

    /**
     * Another process asked with the same token, in another zone or for another unit: the instance is the pod's, but its own tags
     * say where it is and what to write onto the pod.
     */
    private void replaced(Allocation claim, Instance instance) {
        if (instance.state() == Instance.State.GONE) {
            termination.gone(claim);
            return;
        }
        var state = world.pod(claim.uid());
        if (state == null) {
            termination.drop(claim);
            leftover(instance);
            return;
        }
        claim.become(AllocationState.GONE, step.now());
        ledger.close(claim);
        podBinder.adopt(state, instance);
    }

    private void refused(Allocation claim, StockPicture.Ticket ticket, Refusal refusal) {
        var scope = stock.refused(ticket, refusal, step.now());
        var state = world.pod(claim.uid());
        switch (scope) {
            case OFFER -> step.agenda().closed(claim.offer());
            case REGION -> step.agenda().closed(claim.region());
            case REQUEST -> {
                if (state != null) {
                    var invalid = new RegionReason.RequestInvalid(
                            claim.region(), refusal.message(), step.now().plus(INVALID));
                    state.waiting().refusals.put(claim.region(), invalid);
                }
            }
        }
        termination.drop(claim);
    }

    /** Until it is known what there is, the pod is no company to rely on, unless it was bound before. */
    private void doubtPlace(Allocation claim) {
        if (world.isUnbound(claim.uid())) {
            realNodes.doubted(claim.uid());
        }
    }

    /** A held instance may have been ended by another process: the region is asked by token, as after a lost answer. */
    public void doubt(PodUid uid) {
        var claim = ledger.claim(uid);
        if (claim == null || claim.state() != AllocationState.HELD) {
            return;
        }
        claim.become(AllocationState.UNKNOWN, step.now());
        doubtPlace(claim);
        find(claim);
    }

    private void find(Allocation claim) {
        claim.lookedUp(step.now());
        step.emit(new Effect.Find(claim.region(), claim.uid(), claim.token()));
    }

    private void findLater(Allocation claim, Duration pause) {
        step.after(pause, () -> {
            if (claim.state() == AllocationState.UNKNOWN) {
                find(claim);
            }
        });
    }

    public void findAnswered(Effect.Find effect, FindAnswer answer) {
        var claim = ledger.claim(effect.uid());
        if (claim == null
                || claim.state() != AllocationState.UNKNOWN
                || !claim.token().equals(effect.token())) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance) -> arrived(claim, instance);
            case FindAnswer.NotFound none -> {
                var capabilities = world.capabilities(claim.region());
                var settle = capabilities == null ? SETTLE : capabilities.settle();
                var conclusive = claim.since().plus(settle);
                var looked = claim.lookedUpAt();
                if (looked != null && !looked.isBefore(conclusive)) {
                    termination.drop(claim);
                } else {
                    findLater(claim, Duration.between(step.now(), conclusive).plusMillis(1));
                }
            }
            case FindAnswer.Unknown(String why) -> {
                termination.stays(claim, why);
                findLater(claim, Step.pause(claim.countTry()));
            }
        }
    }

    /** An instance nobody waits for any more: superfluous, unless it is the one that the pod has. */
    private void unexpected(Instance instance) {
        var claim = ledger.claim(instance.tags().podUid());
        var state = world.pod(instance.tags().podUid());
        var id = instance.id();
        boolean isThePods = (claim != null && id.equals(claim.instanceId()))
                || (state != null && id.value().equals(state.pod.instance()));
        if (!isThePods && instance.state().isLive()) {
            leftover(instance);
        }
    }

    private void leftover(Instance instance) {
        termination.leftover(instance, "no longer wanted");
    }
}
