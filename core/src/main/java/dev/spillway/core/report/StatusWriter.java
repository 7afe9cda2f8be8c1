package dev.spillway.core.report;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Closure;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status of Regions and policies, each written when it changed: soon after a quiet time or where an operator waits for
 * it, at most every few seconds while it keeps changing.
 */
public final class StatusWriter {
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** What happens together is written together. */
    private static final Duration SOON = Duration.ofMillis(200);

    /** Policies change with each of their pods; people read them seldom. */
    private static final Duration POLICY_EVERY = Duration.ofSeconds(10);

    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final PolicyView policyView;
    private final VirtualNodes virtualNodes;
    private final Board<RegionId, RegionStatus> regions;
    private final Board<PolicyKey, PolicyStatus> policies;

    public StatusWriter(
            Step step, Ledger ledger, StockPicture stock, VirtualNodes virtualNodes, PolicyView policyView) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.policyView = policyView;
        this.virtualNodes = virtualNodes;
        this.regions = new Board<>(EVERY, this::present, ClusterWrite.WriteRegionStatus::new);
        this.policies = new Board<>(POLICY_EVERY, this::present, ClusterWrite.WritePolicyStatus::new);
    }

    /** What is shown of the objects of one kind. */
    private final class Board<K extends Comparable<K>, S> {
        private final Function<K, @Nullable S> present; // null where the object is gone
        private final BiFunction<K, S, ClusterWrite> writes;
        private final WritePace<K> pace;
        private final TreeMap<K, S> shown = new TreeMap<>();
        private final TreeSet<K> due = new TreeSet<>();

        Board(Duration every, Function<K, @Nullable S> present, BiFunction<K, S, ClusterWrite> writes) {
            this.pace = new WritePace<>(SOON, every);
            this.present = present;
            this.writes = writes;
        }

        void touch(K key) {
            if (world.isListed() && due.add(key)) {
                step.at(pace.next(key, step.now()), () -> write(key));
            }
        }

        void touchSoon(K key) {
            if (world.isListed()) {
                step.after(SOON, () -> write(key));
            }
        }

        void forget(K key) {
            shown.remove(key);
            due.remove(key);
            pace.forget(key);
        }

        void written(K key, S status, boolean done) {
            if (!done && shown.remove(key, status)) {
                step.after(EVERY, () -> touch(key));
            }
        }

        private void write(K key) {
            due.remove(key);
            var status = present.apply(key);
            if (status == null) {
                shown.remove(key);
            } else if (!status.equals(shown.put(key, status))) {
                pace.written(key, step.now());
                step.write(writes.apply(key, status));
            }
        }
    }

    /** Something about the region changed. */
    public void touch(RegionId region) {
        regions.touch(region);
    }

    /** Something about the policy changed. */
    public void touch(PolicyKey policy) {
        policies.touch(policy);
    }

    /** The region was declared otherwise, or its connection opened: whoever did that looks at it now. */
    public void touchSoon(RegionId region) {
        regions.touchSoon(region);
    }

    /** The policy was declared or edited: whoever did that looks at it now. */
    public void touchSoon(PolicyKey policy) {
        policies.touchSoon(policy);
    }

    /** The Region is gone: a later one of its name starts without status. */
    public void forget(RegionId region) {
        regions.forget(region);
    }

    /** The policy is gone: a later one of its name starts without status. */
    public void forget(PolicyKey policy) {
        policies.forget(policy);
    }

    /** Shows everything, after the first lists. */
    public void touchAll() {
        world.regions.all().forEach(entry -> touch(entry.region().id()));
        touchPolicies();
    }

    /** Something that policies name changed: nodes, regions. */
    public void touchPolicies() {
        world.policies.all().forEach(policy -> touch(policy.key()));
    }

    /** A write was answered; where it failed, what it showed is not known to be there. */
    public void written(ClusterWrite.WriteRegionStatus write, boolean done) {
        regions.written(write.region(), write.status(), done);
    }

    /** The same of a policy's. */
    public void written(ClusterWrite.WritePolicyStatus write, boolean done) {
        policies.written(write.policy(), write.status(), done);
    }

    private @Nullable PolicyStatus present(PolicyKey key) {
        var policy = world.policies.get(key);
        return policy == null ? null : policyView.of(policy);
    }

    private @Nullable RegionStatus present(RegionId id) {
        var entry = world.regions.get(id);
        return entry == null ? null : statusOf(entry);
    }

    private RegionStatus statusOf(RegionDirectory.Entry entry) {
        var region = entry.region();
        int instances = 0;
        for (var allocation : ledger.allocations()) {
            if (allocation.state() instanceof AllocationState.Owning
                    && allocation.region().equals(region.id())) {
                instances++;
            }
        }
        var lines = new ArrayList<RegionStatus.StockLine>();
        for (var line : stock.lines(region.id(), step.now())) {
            lines.add(new RegionStatus.StockLine(line.offer(), line.state(), line.until(), line.observedAt()));
        }
        return new RegionStatus(
                region.generation(),
                entry.isAccepted()
                        ? new RegionStatus.Verdict(true, "Accepted", "")
                        : new RegionStatus.Verdict(false, "NotAccepted", entry.problem()),
                reachable(entry),
                instances,
                virtualNodes.nodesOf(region.id()),
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
        return switch (stock.availability(id, step.now())) {
            case Availability.Ask ask -> answering(id);
            case Availability.Busy busy -> answering(id);
            case Availability.Closed closed -> verdict(closed.why(), closed.message());
            case Availability.Probing probing -> verdict(probing.why(), probing.message());
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
}
