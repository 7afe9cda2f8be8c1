package dev.spillway.core.engine;

import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.region.FindAnswer;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.stock.StockPicture;

/** Follows the instance of a bound pod: shows its state on the pod, and ends what has ended (design section 3, items 11 and 12). */
final class Aftercare {
    private final Turn turn;
    private final StockPicture stock;
    private final Ledger ledger;
    private final Placer placer;
    private final Reports reports;
    private final Endings endings;

    Aftercare(Parts parts, Placer placer, Reports reports, Endings endings) {
        this.turn = parts.turn();
        this.stock = parts.stock();
        this.ledger = parts.ledger();
        this.placer = placer;
        this.reports = reports;
        this.endings = endings;
    }

    void instanceReported(RegionId region, Instance instance) {
        var claim = ledger.claim(instance.tags().podUid());
        if (claim == null || !instance.id().equals(claim.instanceId()) || !claim.observe(instance)) {
            return;
        }
        if (claim.state() == ClaimState.BOUND) {
            instanceChanged(claim);
        } else if (claim.state() == ClaimState.ENDING && instance.state() == Instance.State.GONE) {
            endings.ended(claim);
        }
    }

    void instanceChanged(Claim claim) {
        var instance = claim.instance();
        if (instance == null) {
            return;
        }
        switch (instance.state()) {
            case STARTING, ENDING -> {}
            case RUNNING, SUCCEEDED -> reports.write(claim);
            case FAILED -> {
                if (instance.startedAt() == null && instance.reason().equals("NoStock")) {
                    // Stock vanished after acceptance (E54): a bound pod cannot move, so it asks again in its zone.
                    stock.failedLater(claim.offer(), instance.message(), turn.now());
                    reports.noStock(claim);
                    endings.end(claim, "stock vanished after acceptance");
                    placer.closed(claim.offer());
                } else {
                    reports.write(claim);
                }
            }
            case GONE -> turn.emit(new Effect.Describe(claim.region(), instance.id(), claim.uid()));
        }
    }

    /** A bound pod's status was written. */
    void statusWritten(PodUid uid, boolean terminal) {
        var claim = ledger.claim(uid);
        if (claim != null && claim.state() == ClaimState.BOUND && terminal) {
            endings.end(claim, "pod ended");
        }
    }

    void described(Claim claim, Effect.Describe effect, FindAnswer answer) {
        if (claim.state() != ClaimState.BOUND || !effect.instance().equals(claim.instanceId())) {
            return;
        }
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE -> {
                if (claim.observe(instance)) {
                    instanceChanged(claim);
                }
            }
            case FindAnswer.Found gone ->
                endings.lost(claim, "InstanceLost", "The region no longer has the pod's instance.");
            case FindAnswer.NotFound none ->
                endings.lost(claim, "InstanceLost", "The region no longer has the pod's instance.");
            case FindAnswer.Unknown unknown ->
                turn.after(Turn.pause(claim.countTry()), () -> {
                    if (claim.state() == ClaimState.BOUND) {
                        turn.emit(effect);
                    }
                });
        }
    }
}
