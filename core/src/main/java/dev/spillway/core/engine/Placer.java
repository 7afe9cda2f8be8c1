package dev.spillway.core.engine;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.nodebind.Preemption;
import dev.spillway.core.placement.Authority;
import dev.spillway.core.placement.PodMarks;
import dev.spillway.core.placement.WaitingSince;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PolicyMistakes;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends waiting pods on their walk, asks for what the walk found, and queues those that must wait. "Who is asked for next" is
 * decided here; where to, in {@link Walker}.
 */
final class Placer {
    /** Answers in flight usually come sooner; only then is a pod told that it waits for them. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** What frees room on nodes often comes in bursts. */
    private static final Duration TOGETHER = Duration.ofMillis(20);

    private static final Gate NODES = new Gate.NodesGate();

    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final RealNodes realNodes;
    private final UnitMembership unitMembership;
    private final Walker walker;
    private final Explainer explainer;
    private final PodWrites writes;
    private final Authorities authorities;
    private final Queues queues;
    private final Acquisition acquisition;
    private final NodeBinder nodeBinder;
    private final Preemption preemption;
    private final OwnerSelectors ownerSelectors;
    private final PolicyMistakes policyMistakes;
    private final TreeMap<Offer, Instant> alarms = new TreeMap<>();
    private final TreeSet<Gate.PodsGate> podsGatesDue = new TreeSet<>();
    private final TreeSet<Offer> pumping = new TreeSet<>(); // whose waiting pods are being let in just now
    private boolean nodesDue;

    Placer(
            Step step,
            Ledger ledger,
            StockPicture stock,
            RealNodes realNodes,
            UnitMembership unitMembership,
            Walker walker,
            Explainer explainer,
            Acquisition acquisition,
            NodeBinder nodeBinder,
            Preemption preemption,
            OwnerSelectors ownerSelectors,
            PolicyMistakes policyMistakes) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.realNodes = realNodes;
        this.unitMembership = unitMembership;
        this.walker = walker;
        this.explainer = explainer;
        this.writes = step.writes();
        this.queues = step.queues();
        this.authorities = new Authorities(step);
        this.acquisition = acquisition;
        this.nodeBinder = nodeBinder;
        this.preemption = preemption;
        this.ownerSelectors = ownerSelectors;
        this.policyMistakes = policyMistakes;
    }

    /** What these pods waited for has come. */
    void opened(Gate gate) {
        queues.at(gate).forEach(this::again);
    }

    /** Looks at one pod: asks for it, queues it, or leaves it alone. */
    void consider(PodState state) {
        queues.leave(state);
        var pod = state.pod;
        if (!world.isListed() || ledger.allocation(pod.uid()) != null || state.nodeTarget != null) {
            return;
        }
        if (pod.isWaiting()) {
            act(state, afterThoseBefore(state, () -> walker.walk(subject(state), step.now())), false);
            return;
        }
        var node = pod.node();
        if (node != null
                && state.wantsInstance
                && !pod.deleting()
                && !state.failed
                && !pod.phase().isTerminal()) {
            var zone = world.regions.zoneOf(node);
            if (zone != null && world.isTerminating(pod.key().namespace())) {
                var reason = new PolicyReason.NamespaceTerminating(pod.key().namespace());
                stay(state, new Walk.Stay(Explanation.of(reason), List.of(), false, new TreeMap<>()), true);
                return;
            }
            if (zone != null) {
                act(state, afterThoseBefore(state, () -> walker.walkBound(subject(state), zone, step.now())), true);
                return;
            }
        }
        state.wait = null;
    }

    /** Who stands first is asked for first: those that wait for the offer go before a pod that comes along just when it may be asked. */
    private Walk afterThoseBefore(PodState state, Supplier<Walk> walk) {
        var first = walk.get();
        if (first instanceof Walk.Ask ask
                && !pumping.contains(ask.offer())
                && queues.isBehind(state, new Gate.OfferGate(ask.offer()))) {
            pump(ask.offer());
            return walk.get();
        }
        return first;
    }

    /** What is declared changed: all waiting pods walk again. */
    void everybody() {
        mark(queues.all());
    }

    /** The waiting pods of one namespace walk again. */
    void namespace(String namespace) {
        for (var uid : queues.all()) {
            var state = world.pod(uid);
            if (state != null && state.pod.key().namespace().equals(namespace)) {
                step.agenda().pod(state);
            }
        }
    }

    /** An offer closed: whoever waits for it hears so, and goes on where that is possible. */
    void closed(Offer offer) {
        mark(queues.at(new Gate.OfferGate(offer)));
    }

    /** A region closed: likewise for all its offers. */
    void closed(RegionId region) {
        mark(queues.at(queues.offersOf(region)));
    }

    private void mark(List<PodUid> pods) {
        for (var uid : pods) {
            var state = world.pod(uid);
            if (state != null) {
                step.agenda().pod(state);
            }
        }
    }

    /** An answer came: lets in as many of those who wait for the offer as may be asked for now. */
    void pump(Offer offer) {
        boolean first = pumping.add(offer);
        letIn(offer);
        if (first) {
            pumping.remove(offer);
        }
    }

    private void letIn(Offer offer) {
        for (var uid : queues.at(new Gate.OfferGate(offer))) {
            var state = world.pod(uid);
            if (state == null) {
                continue;
            }
            if (!(stock.availability(offer, state.pod.spec().priority(), step.now()) instanceof Availability.Ask)) {
                return;
            }
            consider(state);
        }
    }

    /** The same for every offer of a region that keeps requests back itself: who stands first is asked for first. */
    void pump(RegionId region) {
        queues.offersOf(region).forEach(gate -> pump(gate.offer()));
    }

    /** Room came free in a unit, or a pod that was terminating in it is gone: lets in whoever fits. */
    void slotFreed(UnitKey unit) {
        tryEachTemplate(queues.at(new Gate.UnitGate(unit.policy(), unit.position())));
    }

    /** Something about the real nodes or what runs on them changed. What changes together is looked at together. */
    void nodesChanged() {
        if (!nodesDue && queues.isWaitedFor(NODES)) {
            nodesDue = true;
            step.after(TOGETHER, () -> {
                nodesDue = false;
                tryEachTemplate(queues.at(NODES));
            });
        }
    }

    /**
     * Pods came, went or changed, or answers told where they are: whoever waits for that is looked at, and nobody else. What changes
     * together is looked at together.
     */
    void podsChanged(RealNodes.Changes changes) {
        if (queues.podsGates().isEmpty()
                || (!changes.everything() && changes.pods().isEmpty())) {
            return;
        }
        boolean due = !podsGatesDue.isEmpty();
        for (var gate : queues.podsGates()) {
            if (changes.everything() || isConcerned(gate, changes.pods())) {
                podsGatesDue.add(gate);
            }
        }
        if (!due && !podsGatesDue.isEmpty()) {
            step.after(TOGETHER, () -> {
                var waiting = queues.at(podsGatesDue);
                podsGatesDue.clear();
                tryEachTemplate(waiting);
            });
        }
    }

    private boolean isConcerned(Gate.PodsGate gate, List<Pod> changed) {
        return changed.stream().anyMatch(pod -> realNodes.concerns(gate.namespace(), gate.labels(), gate.rules(), pod));
    }

    /**
     * Walks these pods again, in order; after one that still waits, its equals that wait for the same are skipped, since they would fare
     * likewise.
     */
    private void tryEachTemplate(List<PodUid> waiting) {
        var failed = new HashMap<Template, List<Gate>>(); // only looked up: its order decides nothing
        for (var uid : waiting) {
            var state = world.pod(uid);
            if (state == null) {
                continue;
            }
            var template = templateOf(state);
            if (template != null && state.gates().equals(failed.get(template))) {
                continue;
            }
            consider(state);
            if (template != null && queues.isQueued(state) && template.equals(templateOf(state))) {
                failed.put(template, state.gates());
            }
        }
    }

    private @Nullable Template templateOf(PodState state) {
        boolean hasOwnSlot = unitMembership.hasReservedSlot(state.pod.uid());
        return hasOwnSlot ? null : Template.of(state, waitingSince(state), authorities::of, step.now());
    }

    int waiting() {
        return queues.size();
    }

    private void again(PodUid uid) {
        var state = world.pod(uid);
        if (state != null) {
            consider(state);
        }
    }

    /**
     * Where the next pod that its owner makes in place of this bound one would go now, in words; null where that is this one's own place, or
     * nowhere, or no policy speaks for it. To look changes nothing, but what has to be read for it is read.
     */
    @Nullable
    String insteadOf(PodState state) {
        if (!(authorities.of(state.pod) instanceof Authority.ByPolicy byPolicy)) {
            return null;
        }
        var next = PodMarks.madeAnew(state.pod, byPolicy.policy());
        var walk = walker.walk(
                new Walker.Subject(
                        next,
                        byPolicy,
                        world.additionsFor(next),
                        false,
                        Map.of(),
                        Collections.emptySortedMap(),
                        null,
                        Collections.emptySortedMap()),
                step.now());
        ownerSelectors.walked(state, walk);
        return switch (walk) {
            case Walk.Ask ask -> isPlaceOf(state.pod, ask) ? null : "unit %d, %s".formatted(ask.unit(), ask.node());
            case Walk.Bind bind -> bind.node().value();
            case Walk.MakeRoom _, Walk.Stay _, Walk.Ignore _ -> null;
        };
    }

    private static boolean isPlaceOf(Pod pod, Walk.Ask ask) {
        return ask.node().equals(pod.node()) && pod.annotations().has(Names.UNIT, Integer.toString(ask.unit()));
    }

    private Walker.Subject subject(PodState state) {
        var pod = state.pod;
        return new Walker.Subject(
                pod,
                authorities.of(pod),
                world.additionsFor(pod),
                state.olderThanStart
                        || pod.runsOnceAtATime(), // an earlier one of its name may be older than it is itself
                state.refusals(),
                waitingSince(state),
                roomBeingMade(state),
                state.refusedRooms());
    }

    /** A policy is gone: its pods that have no place are not placed by anything else at once, nor those that are just being asked for. */
    void policyGone(Policy policy) {
        authorities.policyGone(policy);
    }

    private static SortedMap<Integer, Instant> waitingSince(PodState state) {
        var wait = state.wait;
        return wait != null && !wait.since.isEmpty()
                ? wait.since
                : WaitingSince.read(state.pod.annotations().getOr(Names.WAITING_SINCE, ""));
    }

    /** The room for which pods were asked to leave, with those that are still there; null where there is none. */
    private NodeSearch.@Nullable Room roomBeingMade(PodState state) {
        var room = state.wait == null ? null : state.wait.room;
        if (room == null) {
            return null;
        }
        var still = room.victims().stream()
                .filter(victim -> {
                    var there = world.pod(victim.uid());
                    return there != null && Preemption.isInTheWay(there.pod, room);
                })
                .toList();
        return still.isEmpty() || world.node(room.node()) == null ? null : new NodeSearch.Room(room.node(), still);
    }

    private void act(PodState state, Walk walk, boolean late) {
        ownerSelectors.walked(state, walk);
        policyMistakes.walked(state, walk);
        if (roomBeingMade(state) == null) {
            realNodes.noLongerNominated(state.pod.uid()); // it took its room, or goes another way
        }
        switch (walk) {
            case Walk.Ignore() -> state.wait = null;
            case Walk.Ask ask -> acquisition.ask(state, ask, late);
            case Walk.Bind bind -> nodeBinder.bind(state, bind);
            case Walk.MakeRoom(NodeSearch.Room room, Walk.Stay stay) -> {
                stay(state, stay, late);
                preemption.makeRoom(state, room);
            }
            case Walk.Stay stay -> stay(state, stay, late);
        }
    }

    private void stay(PodState state, Walk.Stay stay, boolean late) {
        queues.enter(state, stay.gates());
        var wait = state.waiting();
        wait.explanation = stay.why();
        stay.gates().forEach(this::setAlarm);
        setAlarm(state, stay.why().nextOwnTry());
        if (!stay.waitingSince().equals(waitingSince(state))) {
            writes.annotate(state, Labels.of(Names.WAITING_SINCE, WaitingSince.text(stay.waitingSince())));
        }
        wait.since = stay.waitingSince();
        explainer.explain(state, stay.soon() ? SOON : Duration.ZERO, late);
    }

    /** Sees to it that a pod is looked at when a time that is its own has come. */
    private void setAlarm(PodState state, @Nullable Instant at) {
        var wait = state.waiting();
        if (at != null && !at.equals(wait.wakeAt)) {
            wait.wakeAt = at;
            step.at(at, () -> {
                var now = state.wait;
                if (now != null && at.equals(now.wakeAt)) {
                    now.wakeAt = null;
                    again(state.pod.uid());
                }
            });
        }
    }

    /** Sees to it that a closed offer is looked at again when its time is over. */
    private void setAlarm(Gate gate) {
        if (!(gate instanceof Gate.OfferGate(Offer offer))) {
            return;
        }
        var until = stock.closedUntil(offer, step.now());
        if (until == null || until.equals(alarms.get(offer))) {
            return;
        }
        alarms.put(offer, until);
        step.at(until, () -> {
            alarms.remove(offer, until);
            pump(offer);
        });
    }
}
