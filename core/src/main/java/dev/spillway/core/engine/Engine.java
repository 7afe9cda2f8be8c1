package dev.spillway.core.engine;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.outage.RegionOutages;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.provision.Namesakes;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.report.PolicyMistakes;
import dev.spillway.core.report.StatusWriter;
import dev.spillway.core.report.VirtualNodes;
import dev.spillway.core.step.Agenda;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.takeover.Takeover;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state machine that decides everything: one event in, the resulting effects out. Made anew at each start and each
 * change of leader; the time of its first event is the takeover (R27.1). Not thread-safe: one thread
 * owns it. Given the same settings and the same events at the same instants it returns the same effects.
 *
 * <p>It takes in what is said of pods, hands other facts and answers on, and then looks at what all of them marked on the agenda, until
 * nothing is left. ARCHITECTURE.md names who decides what.
 */
public final class Engine {
    private final Facts facts;
    private final Answers answers;
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final Placer placer;
    private final Acquisition acquisition;
    private final NodeBinder nodeBinder;
    private final Takeover takeover;
    private final SlotReservations slotReservations;
    private final PodBinder podBinder;
    private final PodReconciler podReconciler;
    private final UnitMembership unitMembership;
    private final EarlierInstances earlierInstances;
    private final Namesakes namesakes;
    private final RegionOutages outages;
    private final PodReports podReports;
    private final VirtualNodes virtualNodes;
    private final StatusWriter statusWriter;
    private final PolicyMistakes policyMistakes;
    private final RealNodes realNodes;

    /** An engine that knows nothing yet. */
    public Engine(Settings settings) {
        var parts = new Wiring(settings);
        this.facts = new Facts(parts);
        this.answers = new Answers(parts);
        this.step = parts.step;
        this.world = parts.world;
        this.ledger = parts.ledger;
        this.placer = parts.placer;
        this.acquisition = parts.acquisition;
        this.nodeBinder = parts.nodeBinder;
        this.takeover = parts.takeover;
        this.slotReservations = parts.slotReservations;
        this.podBinder = parts.podBinder;
        this.podReconciler = parts.podReconciler;
        this.unitMembership = parts.unitMembership;
        this.earlierInstances = parts.earlierInstances;
        this.namesakes = parts.namesakes;
        this.outages = parts.outages;
        this.podReports = parts.podReports;
        this.virtualNodes = parts.virtualNodes;
        this.statusWriter = parts.statusWriter;
        this.policyMistakes = parts.policyMistakes;
        this.realNodes = parts.realNodes;
    }

    /** Takes in a fact and returns what shall be done, in order. {@code now} is the decision clock and never goes back. */
    public List<Effect> on(Event event, Instant now) {
        step.begin(now);
        takeover.start();
        switch (event) {
            case Event.PodSeen(Pod pod) -> podSeen(pod);
            case Event.PodGone gone -> podGone(gone.uid());
            case Event.AcquireAnswered(Effect.Acquire effect, AcquireAnswer answer) -> {
                acquisition.acquireAnswered(effect, answer);
                outages.answered(effect.region(), answer);
                answers.answered(effect.region());
            }
            case Event.Fact fact -> facts.seen(fact);
            case Event.Answer answer -> {
                learn(answer);
                answers.answered(answer);
            }
            case Event.TimePassed passed -> {}
        }
        drain();
        virtualNodes.sweep();
        placer.podsChanged(realNodes.takeChanges());
        return step.end(this::drain);
    }

    /** Looks at what has been marked, and at what that marks, until nothing is left. */
    private void drain() {
        for (var mark = step.agenda().next(); mark != null; mark = step.agenda().next()) {
            look(mark);
        }
    }

    private void look(Agenda.Mark mark) {
        switch (mark) {
            case Agenda.Mark.SlotAnswered it -> slotAnswered(it.request(), it.answer());
            case Agenda.Mark.InstanceDoubted(PodUid pod) -> acquisition.doubt(pod);
            case Agenda.Mark.SlotFreed(UnitKey unit) -> placer.slotFreed(unit);
            case Agenda.Mark.OfferClosed(Offer offer) -> placer.closed(offer);
            case Agenda.Mark.RegionClosed(RegionId region) -> placer.closed(region);
            case Agenda.Mark.Everybody() -> {
                outages.everybodyIsLookedAt();
                placer.everybody();
            }
            case Agenda.Mark.Namespace(String namespace) -> placer.namespace(namespace);
            case Agenda.Mark.OnePod(Queues.Position place) -> {
                var state = world.pod(place.uid());
                if (state != null) {
                    podReconciler.podChanged(state);
                }
            }
            case Agenda.Mark.OfferOpened(Offer offer) -> placer.pump(offer);
            case Agenda.Mark.RegionOpened(RegionId region) -> placer.pump(region);
            case Agenda.Mark.GateOpened(Gate gate) -> placer.opened(gate);
            case Agenda.Mark.NodesChanged() -> placer.nodesChanged();
            case Agenda.Mark.PolicyShown(PolicyKey policy) -> statusWriter.touch(policy);
        }
    }

    private void slotAnswered(SlotRequest request, SlotAnswer answer) {
        var allocation = ledger.allocation(request.pod());
        var state = world.pod(request.pod());
        if (allocation != null) {
            podBinder.slotAnswered(allocation, request, answer);
        } else if (state != null) {
            nodeBinder.slotAnswered(state, request, answer);
        }
    }

    /** Pods that wait for a place, for metrics. */
    public int waitingPods() {
        return placer.waiting();
    }

    /**
     * When the oldest of them was created, by the API server's clock; null where none waits. Looks at all of them, so not to be asked
     * after each event.
     */
    public @Nullable Instant oldestWaiting() {
        var seconds = step.queues().oldestCreatedSeconds();
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }

    private void podSeen(Pod pod) {
        var state = world.put(pod);
        podReports.podSeen(state, pod);
        nodeBinder.podChanged(state);
        if (!isOnItsWay(state) && realNodes.podSeen(state.pod)) {
            step.agenda().nodesChanged();
        }
        unitMembership.podChanged(state);
        slotReservations.podChanged(pod.uid()); // after it counts where it is, never before
        outages.podSeen(state);
        step.agenda().pod(state);
    }

    /** Whether it counts where it is going to be, which the feed does not show yet. */
    private boolean isOnItsWay(PodState state) {
        return state.nodeTarget != null || (state.pod.isWaiting() && ledger.allocation(state.pod.uid()) != null);
    }

    private void learn(Event.Answer answer) {
        if (answer instanceof Event.PodRead read) {
            learn(read.effect().uid(), read.answer());
        } else if (answer instanceof Event.PodsListed listed
                && listed.answer() instanceof PodListAnswer.Complete(List<Pod> pods)) {
            pods.forEach(pod -> learn(pod.uid(), new PodReadAnswer.Found(pod)));
        }
    }

    /** A quorum read may know more than the feed has brought; what it says of binding, deletion and end holds for good. */
    private void learn(PodUid uid, PodReadAnswer answer) {
        var state = world.pod(uid);
        if (state == null || answer instanceof PodReadAnswer.Unknown) {
            return;
        }
        var known = state.pod;
        var read = answer instanceof PodReadAnswer.Found(Pod pod) && pod.uid().equals(uid) ? pod : known.ending();
        boolean isNews = (read.node() != null && known.node() == null)
                || (read.deleting() && !known.deleting())
                || (read.phase().isTerminal() && !known.phase().isTerminal());
        if (isNews) {
            podSeen(read);
        }
    }

    private void podGone(PodUid uid) {
        var state = world.remove(uid);
        if (state == null) {
            return;
        }
        nodeBinder.podGone(state);
        if (realNodes.podGone(uid)) {
            step.agenda().nodesChanged();
        }
        slotReservations.podChanged(uid);
        unitMembership.podGone(uid);
        policyMistakes.podGone(uid);
        earlierInstances.podGone(ledger.allocation(uid));
        namesakes.left(ledger.allocation(uid));
        podReconciler.podGone(state);
    }
}
