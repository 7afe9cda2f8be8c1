package dev.spillway.core.engine;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.FindAnswer;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.InstanceId;

/**
 * What a change of a pod means for its claim, and what becomes of pods on virtual nodes that no claim covers: after a start, or
 * bound by somebody else (design section 3, items 13 and 15).
 */
final class Custody {
    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final Counting counting;
    private final Placer placer;
    private final Reports reports;
    private final Bindings bindings;
    private final Aftercare aftercare;
    private final Endings endings;

    Custody(
            Parts parts,
            Counting counting,
            Placer placer,
            Reports reports,
            Bindings bindings,
            Aftercare aftercare,
            Endings endings) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.counting = counting;
        this.placer = placer;
        this.reports = reports;
        this.bindings = bindings;
        this.aftercare = aftercare;
        this.endings = endings;
    }

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
                    bindings.settleHeld(claim, pod);
                }
            }
            case BOUND -> {
                if (over) {
                    endings.end(claim, "pod deleted or ended");
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
            case HELD, BINDING, BOUND -> endings.end(claim, "pod gone");
            case ENDING, GONE -> {}
        }
    }

    /** A pod on a virtual node that no claim covers: after a start, or bound by somebody else. */
    private void unclaimed(PodState state) {
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
        var bought = pod.instance();
        if (pod.phase().isTerminal()) {
            placer.forget(state);
        } else if (placer.wantsBound(pod.uid()) && !pod.deleting()) {
            placer.consider(state);
        } else if (bought != null) {
            turn.emit(new Effect.Describe(zone.region(), new InstanceId(bought), pod.uid()));
        } else if (pod.deleting()) {
            turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
        } else {
            placer.wantBound(state);
        }
    }

    /** An instance was looked up by id. */
    void describeAnswered(Effect.Describe effect, FindAnswer answer) {
        var claim = ledger.claim(effect.uid());
        var state = world.pod(effect.uid());
        if (claim != null) {
            aftercare.described(claim, effect, answer);
        } else if (state != null) {
            described(state, effect, answer);
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
        bindings.settleHeld(claim, state.pod);
    }
}
