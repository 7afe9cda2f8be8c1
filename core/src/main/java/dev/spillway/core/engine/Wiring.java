package dev.spillway.core.engine;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.nodebind.Preemption;
import dev.spillway.core.outage.RegionOutages;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.provision.InstanceStatus;
import dev.spillway.core.provision.Namesakes;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.EventRetries;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PodFailures;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.report.PolicyMistakes;
import dev.spillway.core.report.PolicyView;
import dev.spillway.core.report.Profiles;
import dev.spillway.core.report.StatusWriter;
import dev.spillway.core.report.VirtualNodes;
import dev.spillway.core.rescue.Departures;
import dev.spillway.core.rescue.Reclaims;
import dev.spillway.core.rescue.Rescue;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.core.takeover.Newcomers;
import dev.spillway.core.takeover.Takeover;
import dev.spillway.core.takeover.UnclaimedInstances;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of one engine, made and given to one another: whoever is given a part may call it, and nobody calls back. */
final class Wiring {
    final Step step;
    final World world;
    final Ledger ledger = new Ledger();
    final Placer placer;
    final Acquisition acquisition;
    final NodeBinder nodeBinder;
    final Preemption preemption;
    final Newcomers newcomers;
    final Takeover takeover;
    final SlotReservations slotReservations;
    final PodBinder podBinder;
    final InstanceStatus instanceStatus;
    final Termination termination;
    final Namesakes namesakes;
    final RegionOutages outages;
    final PodReconciler podReconciler;
    final RegionReconciler regionReconciler;
    final UnitMembership unitMembership;
    final Explainer explainer;
    final EarlierInstances earlierInstances;
    final PodReports podReports;
    final PodRemoval podRemoval;
    final VirtualNodes virtualNodes;
    final StatusWriter statusWriter;
    final PolicyMistakes policyMistakes;
    final Profiles profiles;
    final EventRetries eventRetries;
    final StockPicture stock;
    final PodWrites writes;
    final RealNodes realNodes;
    final OwnerSelectors ownerSelectors;
    final Departures departures;

    Wiring(Settings settings) {
        this.step = new Step(settings);
        this.world = step.world();
        this.writes = step.writes();
        this.stock = new StockPicture(settings.stock());
        this.realNodes = new RealNodes(settings.scoring());
        var counts = new UnitCounts();
        this.earlierInstances = new EarlierInstances(step);
        var podFailures = new PodFailures(step);
        this.explainer = new Explainer(step, podFailures);
        var deletionCostNotices = new DeletionCostNotices(step);
        this.unitMembership = new UnitMembership(step, ledger, counts, deletionCostNotices);
        this.ownerSelectors = new OwnerSelectors(step);
        this.podReports = new PodReports(step);
        this.podRemoval = new PodRemoval(step);
        this.virtualNodes = new VirtualNodes(step, ledger, stock, podRemoval);
        this.policyMistakes = new PolicyMistakes(step);
        this.statusWriter =
                new StatusWriter(step, ledger, stock, virtualNodes, new PolicyView(step, counts, policyMistakes));
        this.profiles = new Profiles(step);
        this.eventRetries = new EventRetries(step, profiles);
        this.slotReservations = new SlotReservations(step, counts);
        this.nodeBinder = new NodeBinder(
                step, realNodes, earlierInstances, unitMembership, deletionCostNotices, explainer, slotReservations);
        this.preemption = new Preemption(step, realNodes);
        this.namesakes = new Namesakes(step);
        this.outages = new RegionOutages(step, ledger);
        this.termination = new Termination(
                step, ledger, stock, realNodes, earlierInstances, namesakes, unitMembership, podFailures, podRemoval);
        this.instanceStatus =
                new InstanceStatus(step, ledger, stock, unitMembership, podReports, podFailures, termination);
        this.podBinder = podBinder(deletionCostNotices);
        this.acquisition =
                new Acquisition(step, ledger, stock, realNodes, unitMembership, explainer, podBinder, termination);
        this.takeover = new Takeover(step);
        this.newcomers = new Newcomers(step);
        var walker = new Walker(world.regions, stock, counts, realNodes, new WalkFacts());
        this.placer = placer(walker);
        this.departures = new Departures(step);
        this.podReconciler = new PodReconciler(
                step,
                ledger,
                placer,
                podReports,
                podFailures,
                acquisition,
                podBinder,
                instanceStatus,
                termination,
                podRemoval,
                new Rescue(step, ledger, stock, podFailures, departures, placer::insteadOf),
                new Reclaims(step, ledger, departures));
        this.regionReconciler = regionReconciler();
    }

    private PodBinder podBinder(DeletionCostNotices deletionCostNotices) {
        return new PodBinder(
                step,
                ledger,
                realNodes,
                earlierInstances,
                unitMembership,
                deletionCostNotices,
                explainer,
                slotReservations,
                instanceStatus,
                termination);
    }

    private Placer placer(Walker walker) {
        return new Placer(
                step,
                ledger,
                stock,
                realNodes,
                unitMembership,
                walker,
                explainer,
                acquisition,
                nodeBinder,
                preemption,
                ownerSelectors,
                policyMistakes);
    }

    private RegionReconciler regionReconciler() {
        return new RegionReconciler(
                step,
                ledger,
                new UnclaimedInstances(step, ledger),
                namesakes,
                stock,
                podReconciler,
                podBinder,
                termination,
                podReports);
    }

    /** What the walk may ask about the world. */
    private final class WalkFacts implements Walker.Facts {
        @Override
        public @Nullable Node node(NodeName name) {
            return world.node(name);
        }

        @Override
        public boolean isOpen(RegionId region) {
            return world.capabilities(region) != null;
        }

        @Override
        public List<RegionId> notListedYet() {
            return takeover.notListedYet();
        }

        @Override
        public SelectorAnswer selectorOf(String namespace, Owner owner) {
            return ownerSelectors.of(namespace, owner);
        }

        @Override
        public List<String> policiesOf(String namespace) {
            return world.policies.namesIn(namespace);
        }

        @Override
        public boolean isPatient() {
            return takeover.isPatient();
        }

        @Override
        public boolean isSettlingIn() {
            return takeover.isSettlingIn();
        }

        @Override
        public boolean isNew(RegionId region) {
            return takeover.isSettlingIn() || newcomers.isNew(region);
        }

        @Override
        public boolean isNew(NodeName node) {
            return newcomers.isNew(node);
        }

        @Override
        public PodReason.@Nullable EarlierInstance earlierInstance(Pod pod) {
            return namesakes.before(pod);
        }

        @Override
        public boolean isNew(PolicyKey policy) {
            return newcomers.isNew(policy);
        }
    }
}
