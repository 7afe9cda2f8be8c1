package dev.spillway.core.engine;

import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.placement.Explanation;
import dev.spillway.core.placement.Reason;
import dev.spillway.core.region.AcquireAnswer;
import dev.spillway.core.region.FindAnswer;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.Refusal;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;

/**
 * Takes the regions' answers to what was asked for: accepted, refused, or lost, which is never taken for a refusal (design section
 * 3, items 7 and 8).
 */
final class Asking {
    /** How long a region that refused a pod's request as invalid is not asked for that pod again; chosen. */
    private static final Duration INVALID = Duration.ofMinutes(5);

    /** Settle time of a region that has not declared one. */
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Settings settings;
    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final Placer placer;
    private final Explainer explainer;
    private final Bindings bindings;
    private final Endings endings;

    Asking(Parts parts, Placer placer, Explainer explainer, Bindings bindings, Endings endings) {
        this.settings = parts.settings();
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.stock = parts.stock();
        this.placer = placer;
        this.explainer = explainer;
        this.bindings = bindings;
        this.endings = endings;
    }

    void acquireAnswered(Effect.Acquire effect, AcquireAnswer answer) {
        var request = effect.request();
        var claim = ledger.claim(request.tags().podUid());
        boolean awaited = claim != null
                && claim.token().equals(request.token())
                && claim.offer().equals(request.offer())
                && claim.state() == ClaimState.ASKING;
        if (claim == null || !awaited) {
            if (answer instanceof AcquireAnswer.Accepted(Instance instance)) {
                unexpected(effect.region(), instance);
            }
            return;
        }
        var ticket = claim.ticket();
        claim.ticket(null);
        if (ticket == null) {
            throw new IllegalStateException("The claim of pod %s asks without a ticket.".formatted(claim.pod()));
        }
        switch (answer) {
            case AcquireAnswer.Accepted(Instance instance) -> {
                boolean opening = stock.isOpening(claim.region());
                stock.accepted(ticket, turn.now());
                bindings.held(claim, instance);
                placer.pump(claim.offer());
                if (opening) {
                    placer.pump(claim.region());
                }
            }
            case AcquireAnswer.Spent spent -> {
                stock.released(ticket, turn.now());
                ledger.spent(claim.uid(), claim.region(), claim.tags().incarnation());
                endings.drop(claim);
            }
            case AcquireAnswer.Refused(Refusal refusal) -> refused(claim, ticket, refusal);
            case AcquireAnswer.Unknown(String why) -> {
                if (settings.plantedBugs().contains(PlantedBug.UNKNOWN_IS_REFUSAL)) {
                    refused(claim, ticket, new Refusal.OutOfStock(why));
                    return;
                }
                stock.silent(ticket, why, turn.now());
                var asked = claim.since();
                claim.become(ClaimState.UNKNOWN, turn.now());
                var state = world.pod(claim.uid());
                if (state != null) {
                    state.waiting().explanation = Explanation.of(new Reason.AnswerLost(claim.region(), asked, why));
                    explainer.explain(state, Duration.ZERO, claim.isLate());
                }
                find(claim);
                placer.closed(claim.region());
            }
        }
    }

    private void refused(Claim claim, StockPicture.Ticket ticket, Refusal refusal) {
        var scope = stock.refused(ticket, refusal, turn.now());
        if (scope == StockPicture.Scope.REQUEST) {
            var state = world.pod(claim.uid());
            if (state != null) {
                var until = turn.now().plus(INVALID);
                state.waiting()
                        .refusals
                        .put(claim.region(), new Reason.RequestInvalid(claim.region(), refusal.message(), until));
            }
        }
        endings.drop(claim);
        switch (scope) {
            case OFFER -> placer.closed(claim.offer());
            case REGION -> placer.closed(claim.region());
            case REQUEST -> placer.pump(claim.offer());
        }
    }

    private void find(Claim claim) {
        claim.lookedUp(turn.now());
        turn.emit(new Effect.Find(claim.region(), claim.uid(), claim.token()));
    }

    private void findLater(Claim claim, Duration pause) {
        turn.after(pause, () -> {
            if (claim.state() == ClaimState.UNKNOWN) {
                find(claim);
            }
        });
    }

    void findAnswered(Effect.Find effect, FindAnswer answer) {
        var claim = ledger.claim(effect.uid());
        if (claim == null
                || claim.state() != ClaimState.UNKNOWN
                || !claim.token().equals(effect.token())) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance) -> {
                if (instance.state() == Instance.State.GONE) {
                    ledger.spent(claim.uid(), claim.region(), claim.tags().incarnation());
                    endings.drop(claim);
                } else {
                    bindings.held(claim, instance);
                }
            }
            case FindAnswer.NotFound none -> {
                var capabilities = world.capabilities(claim.region());
                var settle = capabilities == null ? SETTLE : capabilities.settle();
                var conclusive = claim.since().plus(settle);
                var looked = claim.lookedUpAt();
                if (looked != null && !looked.isBefore(conclusive)) {
                    endings.drop(claim);
                } else {
                    findLater(claim, Duration.between(turn.now(), conclusive).plusMillis(1));
                }
            }
            case FindAnswer.Unknown unknown -> findLater(claim, Turn.pause(claim.countTry()));
        }
    }

    /** An instance nobody waits for any more: ours by token, so it can only be superfluous. */
    private void unexpected(RegionId region, Instance instance) {
        var claim = ledger.claim(instance.tags().podUid());
        if (claim != null && instance.id().equals(claim.instanceId())) {
            return;
        }
        if (instance.state().isLive()) {
            endings.leftover(
                    new Ledger.Place(region, instance.id()), instance.tags().podUid(), "no longer wanted");
        }
    }
}
