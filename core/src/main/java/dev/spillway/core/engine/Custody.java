package dev.spillway.core.engine;

import dev.spillway.core.cluster.Binding;
import dev.spillway.core.cluster.ClusterApi.Announcement;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodReadAnswer;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.WriteAnswer;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.placement.Explanation;
import dev.spillway.core.placement.Reason;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.AcquireAnswer;
import dev.spillway.core.region.FindAnswer;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.Refusal;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.region.TerminateAnswer;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;

/**
 * Takes care of each claim from the region's answer to its confirmed end: "who is bound when" and "when is an instance
 * terminated" are decided here (design section 3, items 7 to 12).
 */
final class Custody {
    /** A binding carries a deadline of 5 s; twice that after it was sent it can no longer take effect. */
    private static final Duration BIND_FATE = Duration.ofSeconds(10);

    private static final Duration INVALID = Duration.ofMinutes(5);

    private final Settings settings;
    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final Counting counting;
    private final Placer placer;
    private final Explainer explainer;
    private final Reports reports;

    Custody(Parts parts, Counting counting, Placer placer, Explainer explainer, Reports reports) {
        this.settings = parts.settings();
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.stock = parts.stock();
        this.counting = counting;
        this.placer = placer;
        this.explainer = explainer;
        this.reports = reports;
    }

    // The region's answers

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
                held(claim, instance);
                placer.pump(claim.offer());
                if (opening) {
                    placer.pump(claim.region());
                }
            }
            case AcquireAnswer.Spent spent -> {
                stock.released(ticket, turn.now());
                ledger.spent(claim.uid(), claim.region(), claim.tags().incarnation());
                drop(claim);
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
        drop(claim);
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
                    drop(claim);
                } else {
                    held(claim, instance);
                }
            }
            case FindAnswer.NotFound none -> {
                var capabilities = world.capabilities(claim.region());
                var settle = capabilities == null ? BIND_FATE : capabilities.settle();
                var conclusive = claim.since().plus(settle);
                var looked = claim.lookedUpAt();
                if (looked != null && !looked.isBefore(conclusive)) {
                    drop(claim);
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
            leftover(new Ledger.Place(region, instance.id()), instance.tags().podUid(), "no longer wanted");
        }
    }

    // Held: bind, or let go

    /** The region holds an instance for the claim. */
    private void held(Claim claim, Instance instance) {
        claim.observe(instance);
        claim.become(ClaimState.HELD, turn.now());
        var state = world.pod(claim.uid());
        if (!claim.abandoned().isEmpty() || state == null) {
            end(claim, claim.abandoned().isEmpty() ? "pod gone" : claim.abandoned());
            return;
        }
        settleHeld(claim, state.pod);
    }

    /** Binds the pod to a held instance, unless the pod went another way meanwhile. */
    private void settleHeld(Claim claim, Pod pod) {
        if (pod.deleting() || pod.phase().isTerminal()) {
            if (claim.node().equals(pod.node())) {
                bound(claim, false);
            }
            end(claim, "pod deleted or ended");
        } else if (pod.node() == null) {
            bind(claim);
        } else if (isOurs(claim, pod)) {
            bound(claim, pod.annotations().get(Names.INSTANCE_ID) == null);
        } else {
            end(claim, "pod bound elsewhere");
        }
    }

    /** Whether the pod is bound to the claim's instance, or to its node without any instance. */
    private static boolean isOurs(Claim claim, Pod pod) {
        var bought = pod.annotations().get(Names.INSTANCE_ID);
        var mine = claim.instanceId();
        return claim.node().equals(pod.node())
                && (bought == null || (mine != null && bought.equals(mine.value())) || claim.isLate());
    }

    private void bind(Claim claim) {
        if (claim.state() == ClaimState.HELD) {
            claim.become(ClaimState.BINDING, turn.now());
        }
        claim.bindSent(turn.now());
        turn.emit(new Effect.Bind(new Binding(
                claim.pod(),
                claim.uid(),
                claim.node(),
                claim.labels(),
                claim.annotations().with(instanceOf(claim)))));
    }

    /** What the instance tells about the pod (spec 3.3, outputs). */
    private static Labels instanceOf(Claim claim) {
        var id = claim.instanceId();
        return Labels.of(
                Names.INSTANCE_ID, id == null ? "" : id.value(),
                Names.REGION, claim.region().value(),
                Names.ZONE, claim.offer().zone().value());
    }

    void bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var binding = effect.binding();
        var claim = ledger.claim(binding.uid());
        if (claim == null
                || claim.state() != ClaimState.BINDING
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
            state.waiting().explanation = Explanation.of(new Reason.BindFailing(claim.region(), why));
            explainer.explain(state, Duration.ofSeconds(2), false);
        }
        turn.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
    }

    /** What a quorum read says about a pod whose binding is in doubt. */
    void podRead(PodUid uid, PodReadAnswer answer) {
        var claim = ledger.claim(uid);
        if (claim == null || claim.state() != ClaimState.BINDING) {
            return;
        }
        switch (answer) {
            case PodReadAnswer.Unknown unknown ->
                turn.after(Turn.pause(claim.countTry()), () -> {
                    if (claim.state() == ClaimState.BINDING) {
                        turn.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
                    }
                });
            case PodReadAnswer.Gone() -> end(claim, "pod gone");
            case PodReadAnswer.Found(Pod pod) -> {
                if (!pod.uid().equals(uid)) {
                    end(claim, "pod replaced by another of its name");
                } else if (pod.node() == null && !pod.deleting() && !pod.phase().isTerminal()) {
                    retryBind(claim);
                } else {
                    settleHeld(claim, pod);
                }
            }
        }
    }

    private void retryBind(Claim claim) {
        var instance = claim.instance();
        if (instance != null && !isUsable(instance)) {
            end(claim, "instance failed before the pod was bound");
            return;
        }
        var heldAt = claim.heldAt();
        var sentAt = claim.lastBindAt();
        if (heldAt != null && turn.now().isBefore(heldAt.plus(settings.hold()))) {
            turn.after(Turn.pause(claim.countTry()), () -> {
                if (claim.state() == ClaimState.BINDING) {
                    bind(claim);
                }
            });
        } else if (sentAt != null && turn.now().isBefore(sentAt.plus(BIND_FATE))) {
            turn.at(sentAt.plus(BIND_FATE), () -> {
                if (claim.state() == ClaimState.BINDING) {
                    turn.emit(new Effect.ReadPod(claim.pod(), claim.uid()));
                }
            });
        } else {
            end(claim, "the pod could not be bound in time");
        }
    }

    private static boolean isUsable(Instance instance) {
        return instance.state() == Instance.State.STARTING || instance.state() == Instance.State.RUNNING;
    }

    /** The pod is bound to the claim's node. */
    private void bound(Claim claim, boolean annotate) {
        claim.become(ClaimState.BOUND, turn.now());
        placer.served(claim.uid());
        var state = world.pod(claim.uid());
        if (state != null) {
            world.assume(
                    state, claim.node(), claim.labels(), claim.annotations().with(instanceOf(claim)));
            placer.forget(state);
        }
        if (annotate || claim.isLate()) {
            turn.emit(new Effect.Annotate(claim.pod(), claim.uid(), instanceOf(claim)));
        }
        if (!claim.isLate()) {
            turn.emit(new Effect.Announce(
                    claim.pod(),
                    claim.uid(),
                    new Announcement(false, "Scheduled", Explainer.shortened(scheduled(claim)))));
        }
        instanceChanged(claim);
    }

    private static String scheduled(Claim claim) {
        var text = "Assigned %s to %s (%s)"
                .formatted(claim.pod(), claim.node(), claim.offer().product());
        if (!claim.tags().policy().isEmpty()) {
            text += ", unit %d of policy %s"
                    .formatted(claim.tags().unit(), claim.tags().policy());
        }
        return claim.passedOver().isEmpty() ? text : text + "; passed over " + claim.passedOver();
    }

    // Bound: follow the instance

    void instanceReported(RegionId region, Instance instance) {
        var claim = ledger.claim(instance.tags().podUid());
        if (claim == null || !instance.id().equals(claim.instanceId()) || !claim.observe(instance)) {
            return;
        }
        if (claim.state() == ClaimState.BOUND) {
            instanceChanged(claim);
        } else if (claim.state() == ClaimState.ENDING && instance.state() == Instance.State.GONE) {
            ended(claim);
        }
    }

    private void instanceChanged(Claim claim) {
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
                    end(claim, "stock vanished after acceptance");
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
            end(claim, "pod ended");
        }
    }

    void describeAnswered(Effect.Describe effect, FindAnswer answer) {
        var claim = ledger.claim(effect.uid());
        var state = world.pod(effect.uid());
        if (claim == null) {
            if (state != null) {
                described(state, effect, answer);
            }
            return;
        }
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
            case FindAnswer.Found gone -> lost(claim, "InstanceLost", "The region no longer has the pod's instance.");
            case FindAnswer.NotFound none ->
                lost(claim, "InstanceLost", "The region no longer has the pod's instance.");
            case FindAnswer.Unknown unknown ->
                turn.after(Turn.pause(claim.countTry()), () -> {
                    if (claim.state() == ClaimState.BOUND) {
                        turn.emit(effect);
                    }
                });
        }
    }

    /** The instance of a bound pod is gone for good: the pod fails, its owner makes another. */
    void lost(Claim claim, String reason, String message) {
        reports.failed(claim.pod(), claim.uid(), reason, message);
        claim.become(ClaimState.ENDING, turn.now());
        ended(claim);
    }

    // Facts about pods

    void podChanged(PodState state) {
        var pod = state.pod;
        var claim = ledger.claim(pod.uid());
        if (claim == null) {
            unclaimed(state);
            return;
        }
        boolean over = pod.deleting() || pod.phase().isTerminal();
        switch (claim.state()) {
            case ASKING, UNKNOWN -> {
                if (over) {
                    claim.abandon("pod deleted or ended");
                } else if (pod.node() != null && !claim.node().equals(pod.node())) {
                    claim.abandon("pod bound elsewhere");
                }
            }
            case HELD, BINDING -> {
                if (over || pod.node() != null) {
                    settleHeld(claim, pod);
                }
            }
            case BOUND -> {
                if (over) {
                    end(claim, "pod deleted or ended");
                }
            }
            case ENDING, GONE -> {}
        }
    }

    void podGone(PodState state) {
        placer.forget(state);
        var claim = ledger.claim(state.pod.uid());
        if (claim == null) {
            ledger.forget(state.pod.uid());
            return;
        }
        switch (claim.state()) {
            case ASKING, UNKNOWN -> claim.abandon("pod gone");
            case HELD, BINDING, BOUND -> end(claim, "pod gone");
            case ENDING, GONE -> {}
        }
    }

    /** A pod on a virtual node that no claim covers: after a start, or bound by somebody else. */
    void unclaimed(PodState state) {
        var pod = state.pod;
        var node = pod.node();
        var zone = node == null ? null : world.regions.zoneOf(node);
        if (zone == null) {
            placer.consider(state);
            return;
        }
        if (!world.isListed() || !world.isCompared(zone.region())) {
            return;
        }
        var bought = pod.annotations().get(Names.INSTANCE_ID);
        if (pod.phase().isTerminal()) {
            placer.forget(state);
        } else if (bought != null && !bought.isEmpty()) {
            turn.emit(new Effect.Describe(zone.region(), new dev.spillway.core.region.InstanceId(bought), pod.uid()));
        } else if (pod.deleting()) {
            turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
        } else {
            placer.wantBound(state);
        }
    }

    private void described(PodState state, Effect.Describe effect, FindAnswer answer) {
        var pod = state.pod;
        switch (answer) {
            case FindAnswer.Found(Instance instance)
            when instance.state() != Instance.State.GONE
                    && instance.tags().podUid().equals(pod.uid()) -> adopt(state, instance);
            case FindAnswer.Found other -> withoutInstance(pod);
            case FindAnswer.NotFound none -> withoutInstance(pod);
            case FindAnswer.Unknown unknown ->
                turn.after(Turn.pause(2), () -> {
                    if (ledger.claim(effect.uid()) == null && world.pod(effect.uid()) == state) {
                        turn.emit(effect);
                    }
                });
        }
    }

    private void withoutInstance(Pod pod) {
        if (pod.deleting()) {
            turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
        } else if (!pod.phase().isTerminal()) {
            reports.failed(pod.key(), pod.uid(), "InstanceLost", "The region no longer has the pod's instance.");
        }
    }

    /** Takes an instance that an earlier process acquired into custody, by its tags. */
    void adopt(PodState state, Instance instance) {
        var tags = instance.tags();
        var region = tags.offer().region();
        ledger.seen(tags.podUid(), region, tags.incarnation());
        var claim = Adoption.claimOf(world, state.pod, instance, turn.now());
        ledger.open(claim);
        claim.observe(instance);
        placer.forget(state);
        if (!tags.policy().isEmpty()) {
            counting.onTheWay(tags.podUid(), new PolicyKey(tags.pod().namespace(), tags.policy()), tags.unit());
        }
        claim.written(state.pod.phase() == Pod.Phase.RUNNING ? Instance.State.RUNNING : null);
        settleHeld(claim, state.pod);
    }

    // Ending

    /** Terminates the claim's instance. */
    void end(Claim claim, String why) {
        var id = claim.instanceId();
        if (id == null || claim.state() == ClaimState.ENDING) {
            return;
        }
        claim.become(ClaimState.ENDING, turn.now());
        var region = world.regions.get(claim.region());
        if (region != null && region.region().lost()) {
            ended(claim);
            return;
        }
        turn.emit(new Effect.Terminate(claim.region(), id, claim.uid(), why));
    }

    /** Terminates an instance that no claim covers. */
    void leftover(Ledger.Place place, PodUid uid, String why) {
        if (ledger.addLeftover(place)) {
            turn.emit(new Effect.Terminate(place.region(), place.instance(), uid, why));
        }
    }

    void terminateAnswered(Effect.Terminate effect, TerminateAnswer answer) {
        var place = new Ledger.Place(effect.region(), effect.instance());
        var claim = ledger.claim(effect.uid());
        boolean mine = claim != null
                && claim.state() == ClaimState.ENDING
                && effect.instance().equals(claim.instanceId());
        if (answer instanceof TerminateAnswer.Gone) {
            if (claim != null && mine) {
                ended(claim);
            } else {
                ledger.removeLeftover(place);
            }
        } else if (mine || ledger.isLeftover(place)) {
            int tries = claim != null && mine ? claim.countTry() : 2;
            turn.after(Turn.pause(tries), () -> {
                boolean still = (claim != null && mine) ? claim.state() == ClaimState.ENDING : ledger.isLeftover(place);
                if (still) {
                    turn.emit(effect);
                }
            });
        }
    }

    /** The claim's instance is confirmed gone. */
    private void ended(Claim claim) {
        ledger.spent(claim.uid(), claim.region(), claim.tags().incarnation());
        drop(claim);
    }

    /** Takes the claim out of the books and lets the pod go on: to its end, or to another walk. */
    private void drop(Claim claim) {
        claim.become(ClaimState.GONE, turn.now());
        ledger.close(claim);
        var state = world.pod(claim.uid());
        counting.arrived(claim.uid(), state);
        if (state == null) {
            ledger.forget(claim.uid());
            return;
        }
        var pod = state.pod;
        if (pod.node() == null) {
            placer.consider(state);
        } else if (pod.deleting()) {
            if (claim.node().equals(pod.node())) {
                turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
            }
        } else if (claim.node().equals(pod.node()) && !pod.phase().isTerminal() && !reports.hasFailed(pod.uid())) {
            placer.wantBound(state);
        }
    }

    /** An operator declared the region lost: what it may hold is written off. */
    void regionLost(RegionId region) {
        for (var claim : ledger.claimsNow()) {
            if (!claim.region().equals(region)) {
                continue;
            }
            switch (claim.state()) {
                case ASKING, UNKNOWN -> {
                    var ticket = claim.ticket();
                    if (ticket != null) {
                        stock.released(ticket, turn.now());
                    }
                    drop(claim);
                }
                case HELD -> end(claim, "region lost");
                case BINDING, GONE -> {}
                case BOUND -> lost(claim, "RegionLost", "An operator declared region " + region + " lost.");
                case ENDING -> ended(claim);
            }
        }
    }
}
