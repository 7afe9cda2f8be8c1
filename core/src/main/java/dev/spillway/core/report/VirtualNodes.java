package dev.spillway.core.report;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Closure;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps one virtual node for each zone, and a removed zone's node, unschedulable, until the last instance on it is gone: pods
 * on a Node that vanished are force-deleted (R25.1, R25.4).
 */
public final class VirtualNodes {
    /** Marks nodes that Spillway made, so that a later process knows them. */
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private static final String SPILLWAY = "spillway";

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Step step;
    private final World world;
    private final StockPicture stock;
    private final Ledger ledger;
    private final PodRemoval podRemoval;
    private final TreeMap<NodeName, VirtualNode> desired = new TreeMap<>();
    private final TreeSet<NodeName> retried = new TreeSet<>(); // whose write failed, until the next one
    private final TreeMap<RegionId, String> shownTrouble = new TreeMap<>();
    private final TreeSet<NodeName> leaving = new TreeSet<>();
    private final NodeDeletions nodeDeletions;
    private final SignsOfLife signsOfLife;

    public VirtualNodes(Step step, Ledger ledger, StockPicture stock, PodRemoval podRemoval) {
        this.step = step;
        this.world = step.world();
        this.stock = stock;
        this.ledger = ledger;
        this.podRemoval = podRemoval;
        this.nodeDeletions = new NodeDeletions(step);
        this.signsOfLife = new SignsOfLife(step);
    }

    /** Brings the nodes in line with the declared zones. */
    public void sync() {
        if (!world.isListed()) {
            return;
        }
        var present = new TreeSet<NodeName>();
        for (var zone : world.regions.zones()) {
            present.add(zone.node());
            var capabilities = world.capabilities(zone.region());
            if (capabilities != null) {
                leaving.remove(zone.node());
                world.notRetired(zone.node());
                bring(nodeOf(zone, capabilities.zoneCapacity()));
            }
        }
        for (var name : List.copyOf(desired.keySet())) {
            if (!present.contains(name)) {
                retire(name);
            }
        }
    }

    /** The sync for one region only, after its reachability changed. */
    public void sync(RegionId region) {
        var capabilities = world.capabilities(region);
        var trouble = trouble(region);
        if (world.isListed() && capabilities != null && !trouble.equals(shownTrouble.put(region, trouble))) {
            for (var zone : world.regions.zonesOf(region)) {
                bring(nodeOf(zone, capabilities.zoneCapacity()));
            }
        }
    }

    /** A node is there; one that an earlier process made for a zone that is declared no more has to go. */
    public void nodeSeen(Node node) {
        signsOfLife.seen(node);
        var mine = desired.get(node.name());
        if (mine != null && !mine.unschedulable() && node.taints().contains(Names.RETIRED_TAINT)) {
            // A process that did not know better, or a late write of ours, retired it. What a person cordons has no
            // such taint.
            step.write(new ClusterWrite.PutNode(mine));
        }
        if (node.labels().has(MANAGED_BY, SPILLWAY)
                && !desired.containsKey(node.name())
                && !leaving.contains(node.name())) {
            desired.put(
                    node.name(),
                    new VirtualNode(
                            node.name(),
                            new RegionId(node.labels().getOr(Names.REGION, "")),
                            new ZoneId(node.labels().getOr(Names.ZONE, "")),
                            node.labels(),
                            List.of(Names.PROVIDER_TAINT),
                            0,
                            Resources.NONE,
                            false,
                            true,
                            ""));
            sync();
        }
    }

    /** A node is gone: somebody deleted it, or we did. */
    public void nodeGone(NodeName name) {
        var mine = desired.remove(name);
        signsOfLife.gone(name);
        boolean wasRetired = leaving.remove(name);
        if (!wasRetired && mine != null && world.regions.zoneOf(name) != null) {
            nodeDeletions.lost(mine);
        }
        world.notRetired(name);
        sync();
        if (wasRetired) {
            for (var uid : List.copyOf(world.podsOn(name))) {
                var state = world.pod(uid);
                if (state != null && ledger.allocation(uid) == null) { // an instance that still runs is ended first
                    podRemoval.leaveWithNode(state);
                }
            }
        }
    }

    /** Something happened: a retired node goes once nothing on it runs any more. */
    public void sweep() {
        if (!world.retired().isEmpty() && world.isListed()) {
            List.copyOf(world.retired().keySet()).forEach(this::retire);
        }
    }

    /** The write of a node was answered; one that failed is tried again while the node is still wanted, one retry for each node however many failed. */
    public void written(ClusterWrite.PutNode put, WriteAnswer answer) {
        var name = put.node().name();
        if (!(answer instanceof WriteAnswer.Done) && retried.add(name)) {
            step.after(RETRY, () -> {
                retried.remove(name);
                var node = desired.get(name);
                if (node != null) {
                    step.write(new ClusterWrite.PutNode(node));
                }
            });
        }
    }

    /** The same of a removal. */
    public void removed(ClusterWrite.RemoveNode remove, WriteAnswer answer) {
        if (!(answer instanceof WriteAnswer.Done || answer instanceof WriteAnswer.Gone)) {
            step.after(RETRY, () -> {
                if (leaving.contains(remove.node())) {
                    step.write(remove);
                }
            });
        }
    }

    /** Names of a region's nodes, in order. */
    public List<NodeName> nodesOf(RegionId region) {
        return desired.values().stream()
                .filter(node -> node.region().equals(region))
                .map(VirtualNode::name)
                .toList();
    }

    private void retire(NodeName name) {
        var node = desired.get(name);
        if (node == null) {
            return;
        }
        world.retired(name, node.region());
        if (world.podsOn(name).stream().noneMatch(uid -> holds(uid, node.region())) && !isBeingBoundTo(name)) {
            desired.remove(name);
            leaving.add(name);
            signsOfLife.gone(name);
            step.write(new ClusterWrite.RemoveNode(name));
        } else if (!node.unschedulable()) {
            bring(new VirtualNode(
                    node.name(),
                    node.region(),
                    node.zone(),
                    node.labels(),
                    List.of(Names.PROVIDER_TAINT, Names.RETIRED_TAINT),
                    node.maxPods(),
                    node.capacity(),
                    true,
                    node.reachable(),
                    "The zone is declared no more; the node stays until the last instance on it is gone."));
        }
    }

    /**
     * Whether a pod keeps its node: it has an instance, or may have one. A pod that was never to get one (a DaemonSet's, one that no region
     * can run), that has ended, or that only waits for stock of the zone goes with the node.
     */
    private boolean holds(PodUid uid, RegionId region) {
        var state = world.pod(uid);
        if (state == null) {
            return false;
        }
        if (ledger.allocation(uid) != null) {
            return true;
        }
        var pod = state.pod;
        if (pod.phase().isTerminal() || state.failed) {
            return false;
        }
        var bought = pod.instance();
        return bought == null
                ? !world.isCompared(region) && !world.isOutOfReach(region)
                : !ledger.hasEnded(new InstanceKey(region, new InstanceId(bought)));
    }

    /** Whether some pod has been asked for in the node's zone and may yet be bound to it. */
    private boolean isBeingBoundTo(NodeName name) {
        return ledger.allocations().stream()
                .anyMatch(allocation -> allocation.node().equals(name));
    }

    private void bring(VirtualNode node) {
        if (!node.equals(desired.put(node.name(), node))) {
            signsOfLife.wrote(node);
            step.write(new ClusterWrite.PutNode(node));
        }
    }

    private VirtualNode nodeOf(RegionDirectory.Zone zone, Resources capacity) {
        var region = world.regions.accepted(zone.region());
        boolean lost = region != null && region.lost();
        var trouble = trouble(zone.region());
        return new VirtualNode(
                zone.node(),
                zone.region(),
                zone.zone(),
                zone.labels().with(Labels.of(MANAGED_BY, SPILLWAY)),
                List.of(Names.PROVIDER_TAINT),
                region == null ? 0 : region.maxPods(),
                capacity,
                lost,
                !lost && trouble.isEmpty(),
                lost ? "An operator declared the region lost." : trouble);
    }

    /**
     * What is wrong with reaching a region, empty where nothing is. Throttling is an answer too. A region that nobody asks for anything shows
     * by its lists alone that it is out.
     */
    private String trouble(RegionId region) {
        var availability = stock.availability(region, step.now());
        return switch (availability) {
            case Availability.Closed closed when closed.why() != Closure.THROTTLED -> closed.message();
            case Availability.Probing probing when probing.why() != Closure.THROTTLED -> probing.message();
            case Availability.Closed closed -> "";
            case Availability.Probing probing -> "";
            case Availability.Ask ask -> world.listProblem(region);
            case Availability.Busy busy -> world.listProblem(region);
        };
    }
}
