package dev.spillway.core.engine;

import dev.spillway.core.cluster.Binding;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.ledger.Tokens;
import dev.spillway.core.placement.Authority;
import dev.spillway.core.placement.Gate;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.region.AcquireRequest;
import dev.spillway.core.region.Offer;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.region.Tags;
import dev.spillway.core.stock.Standing;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sends waiting pods on their walk, asks for what the walk found, and queues those that must wait. "Who is asked for next" is
 * decided here; where to, in {@link Walker}.
 */
final class Placer {
    /** Answers in flight usually come sooner; only then is a pod told that it waits for them. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Settings settings;
    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final UnitCounts counts;
    private final Walker walker;
    private final Explainer explainer;
    private final Queues queues = new Queues();
    private final Set<PodUid> wantingInstance = new LinkedHashSet<>();
    private final TreeMap<Offer, Instant> alarms = new TreeMap<>();

    Placer(Parts parts, Walker walker, Explainer explainer) {
        this.settings = parts.settings();
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.stock = parts.stock();
        this.counts = parts.counts();
        this.walker = walker;
        this.explainer = explainer;
    }

    /** Looks at one pod: asks for it, queues it, or leaves it alone. */
    void consider(PodState state) {
        queues.leave(state);
        var pod = state.pod;
        if (!world.isListed() || ledger.claim(pod.uid()) != null) {
            return;
        }
        if (pod.isWaiting()) {
            act(state, walker.walk(subject(state), turn.now()), false);
            return;
        }
        var node = pod.node();
        if (node != null
                && wantingInstance.contains(pod.uid())
                && !pod.deleting()
                && !pod.phase().isTerminal()) {
            var zone = world.regions.zoneOf(node);
            if (zone != null) {
                act(state, walker.walkBound(subject(state), zone, turn.now()), true);
                return;
            }
        }
        state.wait = null;
    }

    /** A pod on a virtual node has no instance and is to get one in that node's zone. */
    void wantBound(PodState state) {
        wantingInstance.add(state.pod.uid());
        consider(state);
    }

    /** A bound pod is going to need another instance, once its present one is confirmed gone. */
    void willWantBound(PodUid uid) {
        wantingInstance.add(uid);
    }

    /** Whether it is known that the bound pod needs an instance. */
    boolean wantsBound(PodUid uid) {
        return wantingInstance.contains(uid);
    }

    /** The pod is gone or has what it needs. */
    void forget(PodState state) {
        wantingInstance.remove(state.pod.uid());
        queues.leave(state);
        state.wait = null;
    }

    /** Its claim has an instance, so nobody needs to acquire for it again. */
    void served(PodUid uid) {
        wantingInstance.remove(uid);
    }

    /** Walks all waiting pods again, after a change of what is declared. */
    void considerAll() {
        for (var uid : queues.all()) {
            again(uid);
        }
    }

    /** Walks the waiting pods of one namespace again. */
    void considerNamespace(String namespace) {
        for (var uid : queues.all()) {
            var state = world.pod(uid);
            if (state != null && state.pod.key().namespace().equals(namespace)) {
                consider(state);
            }
        }
    }

    /** An offer closed: whoever waits for it hears so, and goes on where that is possible. */
    void closed(Offer offer) {
        for (var uid : queues.at(new Gate.OfferGate(offer))) {
            again(uid);
        }
    }

    /** A region closed: likewise for all its offers. */
    void closed(RegionId region) {
        var waiting = new LinkedHashSet<PodUid>();
        queues.offersOf(region).forEach(gate -> waiting.addAll(queues.at(gate)));
        waiting.forEach(this::again);
    }

    /** An answer came: lets in as many of those who wait for the offer as may be asked for now. */
    void pump(Offer offer) {
        for (var uid : queues.at(new Gate.OfferGate(offer))) {
            if (!(stock.standing(offer, turn.now()) instanceof Standing.Ask)) {
                return;
            }
            again(uid);
        }
    }

    /** The same for every offer of a region, once the region itself answers again. */
    void pump(RegionId region) {
        queues.offersOf(region).forEach(gate -> pump(gate.offer()));
    }

    /** A slot of a capped unit became free: lets one pod in. */
    void slotFreed(UnitCounts.Slot slot) {
        var waiting = queues.at(new Gate.CapGate(slot.policy(), slot.unit()));
        if (!waiting.isEmpty()) {
            again(waiting.getFirst());
        }
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

    private Walker.Subject subject(PodState state) {
        var pod = state.pod;
        var authority = Authority.of(
                pod,
                world.namespace(pod.key().namespace()),
                world.policies,
                settings.schedulerName(),
                world::problemOf);
        return new Walker.Subject(pod, authority, state.olderThanStart, state.refusals());
    }

    private void act(PodState state, Walk walk, boolean late) {
        switch (walk) {
            case Walk.Ignore() -> state.wait = null;
            case Walk.Ask ask -> ask(state, ask, late);
            case Walk.Stay stay -> {
                queues.enter(state, stay.gates());
                var wait = state.waiting();
                wait.explanation = stay.why();
                stay.gates().forEach(this::setAlarm);
                var next = stay.why().nextTry();
                if (stay.gates().isEmpty() && next != null) {
                    turn.at(next, () -> again(state.pod.uid()));
                }
                explainer.explain(state, stay.soon() ? SOON : Duration.ZERO, late);
            }
        }
    }

    private void ask(PodState state, Walk.Ask ask, boolean late) {
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
        var claim = new Claim(
                tags,
                token,
                ask.node(),
                ask.labels(),
                ask.annotations(),
                late,
                ask.passed().unitsText(),
                ClaimState.ASKING,
                turn.now());
        ledger.open(claim);
        if (state.wait != null) {
            state.wait.explanation = null;
        }
        if (policy != null) {
            counts.set(pod.uid(), new UnitCounts.Slot(policy, ask.unit()));
        }
        claim.ticket(stock.asked(ask.offer()));
        if (settings.plantedBugs().contains(PlantedBug.BIND_BEFORE_ACQUIRE) && !late) {
            turn.emit(new Effect.Bind(
                    new Binding(pod.key(), pod.uid(), claim.node(), claim.labels(), claim.annotations())));
        }
        turn.emit(new Effect.Acquire(
                region,
                new AcquireRequest(
                        token,
                        tags,
                        pod.spec().requests(),
                        pod.spec().containers(),
                        pod.spec().restartPolicy())));
    }

    /** Sees to it that a closed offer is looked at again when its time is over. */
    private void setAlarm(Gate gate) {
        if (!(gate instanceof Gate.OfferGate(Offer offer))) {
            return;
        }
        var until = stock.closedUntil(offer);
        if (until == null || until.equals(alarms.get(offer))) {
            return;
        }
        alarms.put(offer, until);
        turn.at(until, () -> {
            alarms.remove(offer, until);
            pump(offer);
        });
    }
}
