package dev.spillway.core.engine;

import dev.spillway.core.cluster.PolicyStatus;
import dev.spillway.core.cluster.RegionStatus;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.stock.Closure;
import dev.spillway.core.stock.Standing;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the status of Regions and policies, each written when it changed: soon after a quiet time or where an operator waits for
 * it, at most every few seconds while it keeps changing.
 */
final class StatusKeeper {
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** What happens together is written together. */
    private static final Duration SOON = Duration.ofMillis(200);

    /** Policies change with each of their pods; people read them seldom. */
    private static final Duration POLICY_EVERY = Duration.ofSeconds(10);

    private final Turn turn;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final PolicyView policyView;
    private final NodeKeeper nodes;
    private final TreeMap<RegionId, RegionStatus> regionShown = new TreeMap<>();
    private final TreeMap<PolicyKey, PolicyStatus> policyShown = new TreeMap<>();
    private final TreeSet<RegionId> regionsDue = new TreeSet<>();
    private final Pace<RegionId> regionPace = new Pace<>(SOON, EVERY);
    private final Pace<PolicyKey> policyPace = new Pace<>(SOON, POLICY_EVERY);

    // Of one object one write is under way at most, since a later one might overtake it; what changes meanwhile is
    // written after it.
    private final TreeSet<RegionId> regionsUnderWay = new TreeSet<>();
    private final TreeSet<RegionId> regionsAgain = new TreeSet<>();
    private final TreeSet<PolicyKey> policiesUnderWay = new TreeSet<>();
    private final TreeSet<PolicyKey> policiesAgain = new TreeSet<>();
    private final TreeSet<PolicyKey> policiesDue = new TreeSet<>();

    StatusKeeper(Parts parts, NodeKeeper nodes, PolicyView policyView) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.stock = parts.stock();
        this.policyView = policyView;
        this.nodes = nodes;
    }

    /** Something about the region changed. */
    void touch(RegionId region) {
        if (world.isListed() && regionsDue.add(region)) {
            turn.at(regionPace.next(region, turn.now()), () -> write(region));
        }
    }

    /** The region was declared otherwise, or its connection opened: whoever did that looks at it now. */
    void touchSoon(RegionId region) {
        if (world.isListed()) {
            turn.after(SOON, () -> write(region));
        }
    }

    /** The policy was declared or edited: whoever did that looks at it now. */
    void touchSoon(PolicyKey policy) {
        if (world.isListed()) {
            turn.after(SOON, () -> write(policy));
        }
    }

    /** Something about the policy changed. */
    void touch(PolicyKey policy) {
        if (world.isListed() && policiesDue.add(policy)) {
            turn.at(policyPace.next(policy, turn.now()), () -> write(policy));
        }
    }

    /** The Region is gone: a later one of its name starts without status. */
    void forget(RegionId region) {
        regionShown.remove(region);
        regionsDue.remove(region);
        regionPace.forget(region);
    }

    /** The policy is gone: a later one of its name starts without status. */
    void forget(PolicyKey policy) {
        policyShown.remove(policy);
        policiesDue.remove(policy);
        policyPace.forget(policy);
    }

    /** Shows everything, after the first lists. */
    void touchAll() {
        world.regions.all().forEach(entry -> touch(entry.region().id()));
        touchPolicies();
    }

    /** Something that policies name changed: nodes, regions. */
    void touchPolicies() {
        world.policies.all().forEach(policy -> touch(policy.key()));
    }

    /** A write was answered; where it failed, what it showed is not known to be there. */
    void written(Effect.Write effect, boolean done) {
        switch (effect) {
            case Effect.WriteRegionStatus write -> {
                var id = write.region();
                regionsUnderWay.remove(id);
                if (!done) {
                    regionShown.remove(id);
                    turn.after(EVERY, () -> touch(id));
                }
                if (regionsAgain.remove(id)) {
                    write(id);
                }
            }
            case Effect.WritePolicyStatus write -> {
                var key = write.policy();
                policiesUnderWay.remove(key);
                if (!done) {
                    policyShown.remove(key);
                    turn.after(EVERY, () -> touch(key));
                }
                if (policiesAgain.remove(key)) {
                    write(key);
                }
            }
            default -> {}
        }
    }

    private void write(RegionId id) {
        regionsDue.remove(id);
        var entry = world.regions.get(id);
        if (entry == null) {
            regionShown.remove(id);
            return;
        }
        if (regionsUnderWay.contains(id)) {
            regionsAgain.add(id);
            return;
        }
        var status = statusOf(entry);
        if (!status.equals(regionShown.put(id, status))) {
            regionsUnderWay.add(id);
            regionPace.written(id, turn.now());
            turn.emit(new Effect.WriteRegionStatus(id, status));
        }
    }

    private RegionStatus statusOf(RegionDirectory.Entry entry) {
        var region = entry.region();
        int instances = 0;
        for (var claim : ledger.claims()) {
            boolean has = claim.state() != ClaimState.ASKING && claim.state() != ClaimState.UNKNOWN;
            if (has && claim.region().equals(region.id())) {
                instances++;
            }
        }
        var lines = new ArrayList<RegionStatus.StockLine>();
        for (var line : stock.lines(region.id())) {
            lines.add(new RegionStatus.StockLine(line.offer(), line.state(), line.until(), line.observedAt()));
        }
        return new RegionStatus(
                region.generation(),
                entry.isAccepted()
                        ? new RegionStatus.Verdict(true, "Accepted", "")
                        : new RegionStatus.Verdict(false, "NotAccepted", entry.problem()),
                reachable(entry),
                instances,
                nodes.nodesOf(region.id()),
                lines);
    }

    private RegionStatus.Verdict reachable(RegionDirectory.Entry entry) {
        var id = entry.region().id();
        if (entry.region().lost()) {
            return new RegionStatus.Verdict(false, "Lost", "An operator declared the region lost.");
        }
        if (world.capabilities(id) == null) {
            return new RegionStatus.Verdict(false, "NotOpened", "The connection is not open.");
        }
        return switch (stock.standing(id, turn.now())) {
            case Standing.Ask ask -> answering(id);
            case Standing.Busy busy -> answering(id);
            case Standing.Closed closed -> verdict(closed.why(), closed.message());
            case Standing.Probing probing -> verdict(probing.why(), probing.message());
        };
    }

    /** Nothing speaks against asking it; but it may fail to say what it runs, which nobody would see otherwise. */
    private RegionStatus.Verdict answering(RegionId id) {
        var problem = world.listProblem(id);
        return problem.isEmpty()
                ? new RegionStatus.Verdict(true, "Answering", "")
                : new RegionStatus.Verdict(false, "NoList", problem);
    }

    private static RegionStatus.Verdict verdict(Closure why, String message) {
        return switch (why) {
            case THROTTLED -> new RegionStatus.Verdict(true, "Throttled", message);
            case UNAUTHORISED -> new RegionStatus.Verdict(false, "Unauthorised", message);
            case UNAVAILABLE -> new RegionStatus.Verdict(false, "Unavailable", message);
            case SILENT -> new RegionStatus.Verdict(false, "NoAnswer", message);
            case SOLD_OUT, NOT_OFFERED, QUOTA -> new RegionStatus.Verdict(true, "Answering", "");
        };
    }

    private void write(PolicyKey key) {
        policiesDue.remove(key);
        var policy = world.policies.get(key);
        if (policy == null) {
            policyShown.remove(key);
            return;
        }
        if (policiesUnderWay.contains(key)) {
            policiesAgain.add(key);
            return;
        }
        var status = policyView.of(policy);
        if (!status.equals(policyShown.put(key, status))) {
            policiesUnderWay.add(key);
            policyPace.written(key, turn.now());
            turn.emit(new Effect.WritePolicyStatus(key, status));
        }
    }
}
