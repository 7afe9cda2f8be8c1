package dev.spillway.core.region;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The declared regions, and which of them are accepted: a zone belongs to one Region, and one Region is the default; the
 * older object wins, then the smaller name (docs/region.md). Owned by the engine's thread.
 */
public final class RegionDirectory {
    private static final Comparator<Region> BY_AGE =
            Comparator.comparingLong(Region::createdSeconds).thenComparing(Region::id);

    private final TreeMap<RegionId, Entry> entries = new TreeMap<>();
    private final TreeMap<NodeName, Zone> zonesByNode = new TreeMap<>();
    private final Map<RegionId, List<Zone>> zonesByRegion = new HashMap<>(); // only looked up, never iterated

    /** A Region and what is wrong with it; an empty problem means accepted. */
    public record Entry(Region region, String declaredProblem, String problem) {
        /** Whether it may be used. */
        public boolean isAccepted() {
            return problem.isEmpty();
        }
    }

    /** A zone of an accepted region with the labels that its virtual node has. */
    public record Zone(RegionId region, ZoneId zone, NodeName node, Labels labels) {}

    /** Enters a Region in place of an earlier one of its id. */
    public void put(Region region, String declaredProblem) {
        entries.put(region.id(), new Entry(region, declaredProblem, ""));
        judge();
    }

    /** Removes a Region. */
    public void remove(RegionId id) {
        entries.remove(id);
        judge();
    }

    /** The entry of a region, null where there is no such Region. */
    public @Nullable Entry get(RegionId id) {
        return entries.get(id);
    }

    /** The region, null where it does not exist or was not accepted. */
    public @Nullable Region accepted(RegionId id) {
        var entry = entries.get(id);
        return entry != null && entry.isAccepted() ? entry.region() : null;
    }

    /** All entries in order of id; a view. */
    public Iterable<Entry> all() {
        return entries.values();
    }

    /** Ids of all declared regions, in order. */
    public List<RegionId> ids() {
        return List.copyOf(entries.keySet());
    }

    /** The zones of all accepted regions, in order of node name; a view. */
    public Iterable<Zone> zones() {
        return zonesByNode.values();
    }

    /** The zones of one accepted region, in order of node name; empty where it is not accepted. */
    public List<Zone> zonesOf(RegionId region) {
        return zonesByRegion.getOrDefault(region, List.of());
    }

    /** The zone that a node stands for, null where it is not a virtual node of an accepted region. */
    public @Nullable Zone zoneOf(NodeName node) {
        return zonesByNode.get(node);
    }

    /** The accepted default region, null where there is none. */
    public @Nullable Region defaultRegion() {
        for (var entry : entries.values()) {
            if (entry.isAccepted() && entry.region().isDefault()) {
                return entry.region();
            }
        }
        return null;
    }

    /** The labels of a zone's virtual node (docs/concepts.md). */
    public static Labels nodeLabels(RegionId region, ZoneId zone) {
        return Labels.of(
                Names.TYPE,
                Names.VIRTUAL_KUBELET,
                Names.REGION,
                region.value(),
                Names.ZONE,
                zone.value(),
                Names.HOSTNAME,
                Names.nodeOf(zone.value()).value(),
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                "amd64",
                "kubernetes.io/role",
                "agent");
    }

    private void judge() {
        zonesByNode.clear();
        zonesByRegion.clear();
        var byAge = new ArrayList<>(entries.values());
        byAge.sort(Comparator.comparing(Entry::region, BY_AGE));
        var owners = new TreeMap<ZoneId, RegionId>();
        RegionId defaultOwner = null;
        for (var entry : byAge) {
            var region = entry.region();
            var problem = entry.declaredProblem();
            if (problem.isEmpty()) {
                for (var zone : region.zones()) {
                    var owner = owners.get(zone);
                    if (owner != null) {
                        problem =
                                "Zone '%s' belongs to region '%s' already: give the zone another id, or remove it there."
                                        .formatted(zone, owner);
                    }
                }
            }
            if (problem.isEmpty() && region.isDefault() && defaultOwner != null) {
                problem = "Region '%s' is the default already: set spec.default to false here or there."
                        .formatted(defaultOwner);
            }
            entries.put(region.id(), new Entry(region, entry.declaredProblem(), problem));
            if (!problem.isEmpty()) {
                continue;
            }
            if (region.isDefault()) {
                defaultOwner = region.id();
            }
            for (var zone : region.zones()) {
                owners.put(zone, region.id());
                var node = Names.nodeOf(zone.value());
                zonesByNode.put(node, new Zone(region.id(), zone, node, nodeLabels(region.id(), zone)));
            }
        }
        for (var zone : zonesByNode.values()) {
            zonesByRegion.computeIfAbsent(zone.region(), r -> new ArrayList<>()).add(zone);
        }
    }
}
