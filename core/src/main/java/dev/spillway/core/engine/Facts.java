package dev.spillway.core.engine;

import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.outage.RegionOutages;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.provision.Namesakes;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.region.Region;
import dev.spillway.core.report.PolicyMistakes;
import dev.spillway.core.report.Profiles;
import dev.spillway.core.report.StatusWriter;
import dev.spillway.core.report.VirtualNodes;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.core.takeover.Newcomers;
import dev.spillway.core.takeover.Takeover;

/** What comes in about all things but pods, and whom it concerns: policies, the profile, Regions, nodes, namespaces, storage. */
final class Facts {
    private final Step step;
    private final World world;
    private final Placer placer;
    private final NodeBinder nodeBinder;
    private final Newcomers newcomers;
    private final Takeover takeover;
    private final SlotReservations slotReservations;
    private final Termination termination;
    private final PodReconciler podReconciler;
    private final RegionReconciler regionReconciler;
    private final UnitMembership unitMembership;
    private final VirtualNodes virtualNodes;
    private final StatusWriter statusWriter;
    private final PolicyMistakes policyMistakes;
    private final Profiles profiles;
    private final StockPicture stock;
    private final RealNodes realNodes;
    private final Namesakes namesakes;
    private final RegionOutages outages;

    Facts(Wiring parts) {
        this.step = parts.step;
        this.world = parts.world;
        this.placer = parts.placer;
        this.nodeBinder = parts.nodeBinder;
        this.newcomers = parts.newcomers;
        this.takeover = parts.takeover;
        this.slotReservations = parts.slotReservations;
        this.termination = parts.termination;
        this.podReconciler = parts.podReconciler;
        this.regionReconciler = parts.regionReconciler;
        this.unitMembership = parts.unitMembership;
        this.virtualNodes = parts.virtualNodes;
        this.statusWriter = parts.statusWriter;
        this.policyMistakes = parts.policyMistakes;
        this.profiles = parts.profiles;
        this.stock = parts.stock;
        this.realNodes = parts.realNodes;
        this.namesakes = parts.namesakes;
        this.outages = parts.outages;
    }

    /** Takes in a fact. */
    void seen(Event.Fact fact) {
        switch (fact) {
            case Event.PolicySeen(Policy policy) -> policySeen(policy);
            case Event.PolicyGone(PolicyKey key) -> policyGone(key);
            case Event.ProfileSeen seen -> {
                if (profiles.seen(seen)) {
                    step.agenda().everybody();
                }
            }
            case Event.ProfileGone gone -> {
                if (profiles.gone()) {
                    step.agenda().everybody();
                }
            }
            case Event.RegionSeen(Region region, String problem) -> regionSeen(region, problem);
            case Event.RegionGone(RegionId id) -> regionGone(id);
            case Event.BackendOpened(RegionId region, Capabilities capabilities) -> backendOpened(region, capabilities);
            case Event.NodeSeen(Node node) -> nodeSeen(node);
            case Event.NodeGone(NodeName name) -> nodeGone(name);
            case Event.NamespaceSeen seen -> namespaceSeen(seen);
            case Event.NamespaceGone gone -> {
                world.removeNamespace(gone.name());
                realNodes.namespaceGone(gone.name());
            }
            case Event.StorageSeen(StorageObject object) -> {
                if (realNodes.storageSeen(object)) {
                    storageChanged(object.id());
                }
            }
            case Event.StorageGone(StorageObject.Id id) -> {
                realNodes.storageGone(id);
                storageChanged(id);
            }
            case Event.DisruptionBudgetSeen seen -> realNodes.podDisruptionBudgetSeen(seen.budget());
            case Event.DisruptionBudgetGone gone -> realNodes.podDisruptionBudgetGone(gone.namespace(), gone.name());
            case Event.ClusterListed listed -> clusterListed();
            case Event.RegionDisturbed disturbed -> regionReconciler.disturbed(disturbed.region());
            case Event.InstanceReported reported -> {
                outages.heard(reported.region());
                namesakes.reported(reported.instance());
                podReconciler.instanceReported(reported.instance());
            }
        }
    }

    private void policySeen(Policy policy) {
        if (policy.equals(world.policies.get(policy.key()))) {
            return; // only its status changed
        }
        var before = world.policies.get(policy.key());
        world.policies.put(policy);
        newcomers.seen(policy.key());
        if (before != null && !before.uid().equals(policy.uid())) {
            slotReservations.policyGone(policy.key()); // deleted and created anew, of which only the outcome was seen
            statusWriter.forget(policy.key());
        }
        policyChanged(policy.key());
        statusWriter.touchSoon(policy.key());
    }

    private void policyGone(PolicyKey key) {
        var gone = world.policies.remove(key);
        if (gone != null) {
            placer.policyGone(gone);
        }
        newcomers.forget(key);
        slotReservations.policyGone(key);
        policyChanged(key);
        statusWriter.forget(key);
    }

    private void policyChanged(PolicyKey key) {
        world.judge(key);
        policyMistakes.policyChanged(key);
        unitMembership.policyChanged(key.namespace());
        step.agenda().namespace(key.namespace());
        statusWriter.touch(key);
    }

    private void regionSeen(Region region, String problem) {
        var before = world.regions.get(region.id());
        world.regions.put(region, problem);
        newcomers.seen(region.id());
        if (region.lost() && (before == null || !before.region().lost())) {
            termination.regionLost(region.id());
        }
        if (before != null && before.region().generation() != region.generation()) {
            stock.reconsider(region.id());
            step.agenda().opened(region.id());
        }
        if (before == null || before.region().generation() != region.generation()) {
            regionsChanged();
            statusWriter.touchSoon(region.id());
            regionReconciler.edited(region.id());
        }
    }

    private void regionGone(RegionId id) {
        world.regions.remove(id);
        newcomers.forget(id);
        stock.forget(id); // one of the same name may be declared later, with other stock
        regionsChanged();
        statusWriter.forget(id);
    }

    private void regionsChanged() {
        virtualNodes.sync();
        outages.regionsChanged();
        policyMistakes.regionsChanged();
        step.agenda().everybody();
        statusWriter.touchAll();
    }

    private void nodeSeen(Node node) {
        var before = world.node(node.name());
        world.put(node);
        if (world.isListed() && (before == null || !before.labels().equals(node.labels()))) {
            unitMembership.nodeChanged(node.name());
            statusWriter.touchPolicies();
        }
        virtualNodes.nodeSeen(node);
        if (realNodes.nodeSeen(node)) {
            step.agenda().nodesChanged();
        }
        boolean ours = world.regions.zoneOf(node.name()) != null;
        if (ours && !node.equals(before)) {
            step.agenda().everybody();
        }
    }

    private void backendOpened(RegionId region, Capabilities capabilities) {
        regionReconciler.opened(region, capabilities);
        newcomers.opened(region);
        regionsChanged();
        statusWriter.touchSoon(region);
    }

    private void nodeGone(NodeName name) {
        world.removeNode(name);
        if (world.regions.zoneOf(name) != null) {
            newcomers.lost(name);
        }
        statusWriter.touchPolicies();
        unitMembership.nodeChanged(name);
        realNodes.nodeGone(name);
        virtualNodes.nodeGone(name);
    }

    private void namespaceSeen(Event.NamespaceSeen seen) {
        boolean changed = !seen.labels().equals(world.namespace(seen.name()))
                || seen.terminating() != world.isTerminating(seen.name());
        world.putNamespace(seen.name(), seen.labels(), seen.terminating());
        realNodes.namespaceSeen(seen.name(), seen.labels());
        if (changed) {
            unitMembership.policyChanged(seen.name());
            step.agenda().namespace(seen.name());
        }
    }

    private void storageChanged(StorageObject.Id id) {
        if (id.kind() == StorageObject.Kind.CLAIM) {
            nodeBinder.claimChanged(id);
        }
        step.agenda().nodesChanged();
    }

    private void clusterListed() {
        world.markListed();
        takeover.clusterListed();
        regionReconciler.clusterListed();
        virtualNodes.sync();
        outages.regionsChanged();
        unitMembership.clusterListed(); // all of them, before the first one walks
        world.pods().forEach(step.agenda()::pod);
        statusWriter.touchAll();
    }
}
