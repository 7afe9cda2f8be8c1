package dev.spillway.core.engine;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.ledger.Ledger;
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
    private final Placer placer;
    private final Reports reports;
    private final Asking asking;
    private final Bindings bindings;
    private final Aftercare aftercare;
    private final Endings endings;

    Custody(
            Parts parts,
            Placer placer,
            Reports reports,
            Asking asking,
            Bindings bindings,
            Aftercare aftercare,
            Endings endings) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.placer = placer;
        this.reports = reports;
        this.asking = asking;
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
            case ASKING, UNKNOWN -> {} // decided when the region has said what there is
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
            case HELD, BINDING, BOUND -> endings.end(claim, "pod gone");
            case ASKING, UNKNOWN, ENDING, GONE -> {}
        }
    }

    /** A region reports an instance, or a list shows it. */
    void instanceReported(Instance instance) {
        var claim = ledger.claim(instance.tags().podUid());
        if (claim == null) {
            world.overhear(instance);
            return;
        }
        switch (claim.state()) {
            case ASKING, UNKNOWN -> asking.reported(claim, instance);
            case HELD, BINDING, BOUND, ENDING -> aftercare.reported(claim, instance);
            case GONE -> {}
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
        var bought = pod.instance();
        if (pod.phase().isTerminal() || reports.hasFailed(pod.uid())) {
            placer.forget(state);
            if (pod.deleting()) {
                turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
            }
        } else if (bought != null && !ledger.hasEnded(new Ledger.Place(zone.region(), new InstanceId(bought)))) {
            turn.emit(new Effect.Describe(zone.region(), new InstanceId(bought), pod.uid()));
        } else if (bought != null && (pod.phase() == Pod.Phase.RUNNING || !placer.wantsBound(pod.uid()))) {
            // What ran once is not started again under the same name. And where another process bound the pod to an
            // instance that has ended, it calls the pod lost, and two processes must not disagree.
            withoutInstance(state, new InstanceId(bought));
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
                    && instance.tags().podUid().equals(pod.uid()) -> bindings.adopt(state, instance);
            case FindAnswer.Found other -> withoutInstance(state, effect.instance());
            case FindAnswer.NotFound none -> withoutInstance(state, effect.instance());
            case FindAnswer.Unknown unknown ->
                turn.after(Turn.pause(2), () -> {
                    if (ledger.claim(effect.uid()) == null && world.pod(effect.uid()) == state) {
                        turn.emit(effect);
                    }
                });
        }
    }

    private void withoutInstance(PodState state, InstanceId gone) {
        var pod = state.pod;
        if (!gone.value().equals(pod.instance())) {
            unclaimed(state); // another process has given it another one meanwhile, or none
        } else if (pod.deleting()) {
            turn.emit(new Effect.RemovePod(pod.key(), pod.uid()));
        } else if (!pod.phase().isTerminal()) {
            reports.failed(pod.key(), pod.uid(), "InstanceLost", "The region no longer has the pod's instance.");
        }
    }
}
