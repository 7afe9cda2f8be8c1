package dev.spillway.core.takeover;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/**
 * What was declared only a moment ago: its connection, its nodes and what belongs to it may still be on their way, and are waited for as
 * after a start (R5.10, decision 0004), instead of being passed over; likewise a node that somebody has just deleted.
 */
public final class Newcomers {
    /** As long as a process that has just started waits. */
    private static final Duration PATIENCE = Takeover.SETTLING_IN;

    private final Step step;
    private final World world;
    private final TreeMap<RegionId, Instant> regions = new TreeMap<>(); // until when they are new
    private final TreeMap<NodeName, Instant> nodes =
            new TreeMap<>(); // until when those that somebody deleted are waited for
    private final TreeMap<PolicyKey, Instant> policies = new TreeMap<>();

    public Newcomers(Step step) {
        this.step = step;
        this.world = step.world();
    }

    /** A Region is declared, perhaps not for the first time. */
    public void seen(RegionId region) {
        if (regions.containsKey(region)) {
            return;
        }
        regions.put(region, step.now().plus(PATIENCE));
        passOver();
    }

    /** Its connection is open: its nodes come next. */
    public void opened(RegionId region) {
        if (world.regions.get(region) != null && !isNew(region)) {
            regions.put(region, step.now().plus(PATIENCE));
            passOver();
        }
    }

    /** Somebody deleted a virtual node: it is made anew. */
    public void lost(NodeName node) {
        nodes.put(node, step.now().plus(PATIENCE));
        step.after(PATIENCE, () -> {
            if (!isNew(node)) {
                nodes.remove(node);
            }
            if (world.node(node) == null) {
                step.agenda().everybody();
            }
        });
    }

    /** A policy is declared, perhaps not for the first time. */
    public void seen(PolicyKey policy) {
        var until = world.isListed() ? step.now().plus(PATIENCE) : step.now(); // the first lists bring everything
        if (policies.putIfAbsent(policy, until) == null && world.isListed()) {
            step.after(PATIENCE, () -> step.agenda().namespace(policy.namespace()));
        }
    }

    private void passOver() {
        step.after(PATIENCE, step.agenda()::everybody);
    }

    public void forget(RegionId region) {
        regions.remove(region);
    }

    public void forget(PolicyKey policy) {
        policies.remove(policy);
    }

    public boolean isNew(RegionId region) {
        var until = regions.get(region);
        return until != null && step.now().isBefore(until);
    }

    public boolean isNew(NodeName node) {
        var until = nodes.get(node);
        return until != null && step.now().isBefore(until);
    }

    public boolean isNew(PolicyKey policy) {
        var until = policies.get(policy);
        return until != null && step.now().isBefore(until);
    }
}
