package dev.spillway.core.engine;

import dev.spillway.core.allocation.ClaimState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares regions with the cluster: once completely after a start, before older pods may be placed, and from then on for
 * ever (docs/concepts.md, "Restart"). Nothing is terminated but on positive evidence: a quorum read of the pod.
 */
final class Overseer {
    /**
     * So long after a start a unit is not passed over only because the process does not know enough to use it (decisions 0004 and 0008);
     * then caps of regions open whether or not the region has given a list.
     */
    static final Duration SETTLING_IN = Duration.ofSeconds(15);

    /** After so long, a pod older than the start may take a real node though a region that might run it has given no list. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** An edit of a Region takes effect at once or soon after; whoever made it looks at what became of it. */
    private static final Duration AFTER_EDIT = Duration.ofSeconds(1);

    /** An instance that nobody claims is left alone so long, since another process may be about to bind it. */
    private static final Duration LEAST_AGE = Duration.ofSeconds(30);

    private final Settings settings;
    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final Custody custody;
    private final Bindings bindings;
    private final Endings endings;
    private final Reports reports;
    private final TreeSet<RegionId> scheduled = new TreeSet<>();
    private final TreeSet<RegionId> declaredAtStart = new TreeSet<>();
    private final TreeMap<RegionId, Integer> failures = new TreeMap<>();

    /** When a region is listed next; absent while a list is under way. */
    private final TreeMap<RegionId, Instant> nextList = new TreeMap<>();

    private final Map<Ledger.Place, Instant> suspectedSince = new HashMap<>();
    private final Map<PodUid, List<Instance>> suspects = new HashMap<>();
    private boolean started;

    Overseer(Parts parts, Custody custody, Bindings bindings, Endings endings, Reports reports) {
        this.settings = parts.settings();
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.stock = parts.stock();
        this.custody = custody;
        this.bindings = bindings;
        this.endings = endings;
        this.reports = reports;
    }

    /** The first event: the takeover begins. */
    void start() {
        if (!started) {
            started = true;
            turn.after(SETTLING_IN, turn.agenda()::everybody);
            turn.after(PATIENCE, turn.agenda()::everybody);
        }
    }

    /** Regions that may run pods older than the start and have not said so yet; one declared later was never asked before. */
    List<RegionId> notListedYet() {
        var missing = new ArrayList<RegionId>();
        for (var entry : world.regions.all()) {
            var id = entry.region().id();
            if (entry.isAccepted() && !entry.region().lost() && !world.isCompared(id) && declaredAtStart.contains(id)) {
                missing.add(id);
            }
        }
        return missing;
    }

    /** Whether the process has started only just now. */
    boolean isSettlingIn() {
        return isWithin(SETTLING_IN);
    }

    /** Whether pods older than the start wait for regions even where a real node would take them. */
    boolean isPatient() {
        return isWithin(PATIENCE);
    }

    private boolean isWithin(Duration time) {
        return turn.age().compareTo(time) < 0;
    }

    /** A region can be asked from now on. */
    void opened(RegionId region, Capabilities capabilities) {
        world.opened(region, capabilities);
        begin(region);
    }

    /** The first lists of the cluster are complete: regions are compared from now on. */
    void clusterListed() {
        for (var entry : world.regions.all()) {
            declaredAtStart.add(entry.region().id());
            begin(entry.region().id());
        }
    }

    private void begin(RegionId region) {
        var capabilities = world.capabilities(region);
        if (!world.isListed() || capabilities == null || !scheduled.add(region)) {
            return;
        }
        var wait = capabilities.settle().minus(turn.age());
        if (wait.isPositive()) {
            turn.after(wait, () -> list(region));
        } else {
            list(region);
        }
    }

    private void list(RegionId region) {
        var entry = world.regions.get(region);
        if (entry == null) {
            scheduled.remove(region);
            return;
        }
        turn.emit(new Effect.ListInstances(region, turn.now()));
    }

    void listed(Effect.ListInstances effect, ListAnswer answer) {
        var region = effect.region();
        switch (answer) {
            case ListAnswer.Unknown(String why) -> {
                // One list that fails is nothing to speak of.
                if (failures.getOrDefault(region, 0) > 0) {
                    world.listProblem(region, why);
                    custody.unheard(region, why);
                }
                again(region);
            }
            case ListAnswer.Throttled throttled -> {
                world.listProblem(region, ""); // that is an answer
                again(region);
            }
            case ListAnswer.Complete(List<Instance> instances) -> {
                world.listProblem(region, "");
                stock.heard(region, turn.now());
                if (instances.isEmpty() && !world.isCompared(region) && doubted(region)) {
                    again(region);
                    return;
                }
                failures.remove(region);
                compare(region, instances, effect.askedAt());
                listAfter(region, settings.collectEvery());
            }
        }
    }

    private void again(RegionId region) {
        listAfter(region, Turn.pause(failures.merge(region, 1, Integer::sum)));
    }

    /** Lists the region after a while, in place of what was planned before. */
    private void listAfter(RegionId region, Duration pause) {
        var at = turn.now().plus(pause);
        nextList.put(region, at);
        turn.at(at, () -> {
            if (nextList.remove(region, at)) {
                list(region);
            }
        });
    }

    /**
     * The region cannot be followed for now. Whether it is there at all a list tells at once: a region that nobody asks for anything is
     * listed too seldom to notice otherwise.
     */
    void disturbed(RegionId region) {
        if (!failures.containsKey(region) && nextList.remove(region) != null) {
            failures.put(region, 1); // of which this was the first
            list(region);
        }
    }

    /** The Region was declared otherwise. */
    void edited(RegionId region) {
        if (nextList.containsKey(region)) {
            listAfter(region, AFTER_EDIT);
        }
    }

    /** An empty list after a start is doubted while pods say that they run there; each of them is looked up by id. */
    private boolean doubted(RegionId region) {
        boolean doubt = false;
        for (var node : world.nodesOf(region)) {
            for (var uid : List.copyOf(world.podsOn(node))) {
                var state = world.pod(uid);
                if (state == null || state.failed || ledger.claim(uid) != null) {
                    continue;
                }
                var pod = state.pod;
                var bought = pod.instance();
                if (bought != null && !pod.phase().isTerminal()) {
                    doubt = true;
                    turn.emit(new Effect.Describe(region, new dev.spillway.core.model.InstanceId(bought), uid));
                }
            }
        }
        return doubt;
    }

    private void compare(RegionId region, List<Instance> instances, Instant askedAt) {
        boolean first = !world.isCompared(region);
        world.markCompared(region);
        var present = new TreeSet<String>();
        for (var instance : instances) {
            present.add(instance.id().value());
            judge(region, instance, first);
        }
        suspectedSince
                .keySet()
                .removeIf(place -> place.region().equals(region)
                        && !present.contains(place.instance().value()));
        for (var claim : ledger.claimsNow()) {
            var id = claim.instanceId();
            var heldAt = claim.heldAt();
            var capabilities = world.capabilities(region);
            if (claim.region().equals(region)
                    && claim.state() == ClaimState.BOUND
                    && id != null
                    && heldAt != null
                    && capabilities != null
                    && heldAt.plus(capabilities.settle()).isBefore(askedAt)
                    && !present.contains(id.value())) {
                turn.emit(new Effect.Describe(region, id, claim.uid()));
            }
        }
        world.forgetOverheard(region);
        repeatStatuses(region);
        if (first) {
            for (var node : world.nodesOf(region)) {
                for (var uid : List.copyOf(world.podsOn(node))) {
                    var state = world.pod(uid);
                    if (state != null && ledger.claim(uid) == null) {
                        custody.podChanged(state);
                    }
                }
            }
            turn.agenda().everybody();
        }
    }

    /** Shows again what a process that did not know better has overwritten. */
    private void repeatStatuses(RegionId region) {
        for (var node : world.nodesOf(region)) {
            for (var uid : world.podsOn(node)) {
                var state = world.pod(uid);
                if (state != null) {
                    reports.repeat(state, ledger.claim(uid), settings.collectEvery());
                }
            }
        }
    }

    private void judge(RegionId region, Instance instance, boolean first) {
        var place = new Ledger.Place(region, instance.id());
        if (ledger.hasEnded(place)
                || ledger.isLeftover(place)
                || !instance.tags().offer().region().equals(region)) {
            return;
        }
        var tags = instance.tags();
        var claim = ledger.claim(tags.podUid());
        if (claim != null) {
            boolean asking = claim.state() == ClaimState.ASKING || claim.state() == ClaimState.UNKNOWN;
            boolean askedFor =
                    asking && claim.region().equals(region) && claim.tags().incarnation() == tags.incarnation();
            if (askedFor || instance.id().equals(claim.instanceId())) {
                custody.instanceReported(instance);
            } else {
                suspect(place, instance, first);
            }
            return;
        }
        var state = world.pod(tags.podUid());
        if (state == null || (state.pod.node() == null && state.pod.gated())) {
            suspect(place, instance, first);
        } else {
            // Also one that its pod cannot use, being bound elsewhere or over: while it lives no other is acquired.
            bindings.adopt(state, instance);
        }
    }

    /** Whether the pod waits for this very instance or runs on it. */
    private static boolean belongs(Pod pod, Instance instance) {
        if (pod.node() == null) {
            return pod.isWaiting();
        }
        var bought = pod.instance();
        return pod.node().equals(Names.nodeOf(instance.tags().offer().zone().value()))
                && (bought == null || bought.equals(instance.id().value()))
                && !pod.phase().isTerminal();
    }

    private void suspect(Ledger.Place place, Instance instance, boolean first) {
        var since = suspectedSince.putIfAbsent(place, turn.now());
        boolean old = since != null && !turn.now().isBefore(since.plus(LEAST_AGE));
        if (!first && !old) {
            return;
        }
        var tags = instance.tags();
        var waiting = suspects.computeIfAbsent(tags.podUid(), u -> new ArrayList<>());
        if (waiting.stream().noneMatch(other -> other.id().equals(instance.id()))) {
            waiting.add(instance);
        }
        turn.emit(new Effect.ReadPod(tags.pod(), tags.podUid()));
    }

    /** A quorum read of the pod that an instance without claim was made for. */
    void podRead(Effect.ReadPod effect, PodReadAnswer answer) {
        var doubtful = suspects.remove(effect.uid());
        if (doubtful == null) {
            return;
        }
        for (var instance : doubtful) {
            var region = instance.tags().offer().region();
            var place = new Ledger.Place(region, instance.id());
            switch (answer) {
                case PodReadAnswer.Unknown unknown -> {} // the next list asks again
                case PodReadAnswer.Gone() -> terminate(place, instance, "its pod is gone");
                case PodReadAnswer.Found(Pod pod) -> found(place, instance, pod);
            }
        }
    }

    private void found(Ledger.Place place, Instance instance, Pod pod) {
        if (!pod.uid().equals(instance.tags().podUid())) {
            terminate(place, instance, "its pod was replaced");
            return;
        }
        var claim = ledger.claim(pod.uid());
        boolean owned = claim != null && instance.id().equals(claim.instanceId());
        boolean runs =
                instance.id().value().equals(pod.instance()) && !pod.phase().isTerminal();
        if (owned || runs) {
            return;
        }
        boolean elsewhere = pod.node() != null && !belongs(pod, instance);
        boolean another = claim != null && claim.state() != ClaimState.ASKING && claim.state() != ClaimState.UNKNOWN;
        if (elsewhere || another || pod.phase().isTerminal()) {
            terminate(place, instance, "its pod has another instance or none");
        }
    }

    private void terminate(Ledger.Place place, Instance instance, String why) {
        suspectedSince.remove(place);
        endings.leftover(instance, why);
    }
}
