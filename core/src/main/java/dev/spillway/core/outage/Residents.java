package dev.spillway.core.outage;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.World;
import java.util.ArrayList;
import java.util.List;

/** Who runs in a region, as far as was known when it last answered: also for a process that has not heard of it since its start. */
final class Residents {
    private final World world;
    private final Ledger ledger;

    Residents(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    /** The pods that run there and are not being deleted, in the order of its nodes. */
    List<PodState> of(RegionId region) {
        var found = new ArrayList<PodState>();
        for (var node : world.nodesOf(region)) {
            for (var uid : world.podsOn(node)) {
                var state = world.pod(uid);
                if (state != null && !state.pod.deleting() && mayRun(state, region)) {
                    found.add(state);
                }
            }
        }
        return found;
    }

    /** Whether anybody runs there or, being deleted, may still do so. */
    boolean anyIn(RegionId region) {
        for (var node : world.nodesOf(region)) {
            for (var uid : world.podsOn(node)) {
                var state = world.pod(uid);
                if (state != null && mayRun(state, region)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mayRun(PodState state, RegionId region) {
        var pod = state.pod;
        if (pod.phase().isTerminal() || state.failed) {
            return false;
        }
        var allocation = ledger.allocation(pod.uid());
        if (allocation != null) {
            boolean isEnding = pod.deleting() && allocation.state() instanceof AllocationState.Ending;
            return allocation.region().equals(region)
                    && (allocation.state() instanceof AllocationState.Bound || isEnding);
        }
        var bought = pod.instance();
        return bought != null && !ledger.hasEnded(new InstanceKey(region, new InstanceId(bought)));
    }
}
