package dev.spillway.core.port;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Taint;
import dev.spillway.core.model.ZoneId;
import java.util.List;

/**
 * What the Node object of a zone shall look like (docs/concepts.md).
 *
 * @param maxPods pods it admits
 * @param capacity resources it shows
 * @param unschedulable true once its zone was removed or its region cannot be used; it then only keeps its pods
 * @param reachable whether the region answers; shown as condition RegionReachable
 * @param message what to tell people about reachability, may be empty
 */
public record VirtualNode(
        NodeName name,
        RegionId region,
        ZoneId zone,
        Labels labels,
        List<Taint> taints,
        int maxPods,
        Resources capacity,
        boolean unschedulable,
        boolean reachable,
        String message) {
    public VirtualNode {
        taints = List.copyOf(taints);
    }
}
