package dev.spillway.core.engine;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.nodebind.Preemption;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.provision.InstanceStatus;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.region.Region;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.EventRetries;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.report.PolicyMistakes;
import dev.spillway.core.report.PolicyView;
import dev.spillway.core.report.Profiles;
import dev.spillway.core.report.StatusWriter;
import dev.spillway.core.report.VirtualNodes;
import dev.spillway.core.step.Agenda;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.core.takeover.Newcomers;
import dev.spillway.core.takeover.Takeover;
import dev.spillway.core.takeover.UnclaimedInstances;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state machine that decides everything: one event in, the resulting wishes out. Made anew at each start and each
 * change of leader; the time of its first event is the takeover (R27.1). Not thread-safe: one thread
 * owns it. Given the same settings and the same events at the same instants it returns the same effects.
 *
 * <p>It only hands each event to the part that it concerns: {@link Walker} decides where a pod may go, {@link Placer} who is
 * asked for next, {@link Acquisition} takes the regions' answers, {@link PodBinder} decides who is bound when, {@link InstanceStatus} follows
 * instances, {@link Termination} terminates them, {@link PodReconciler} says what a changed pod means, {@link RegionReconciler} compares regions with
 * the cluster.
 */
public final class Engine {
    private final Step step;
    private final World world;
    private final Ledger ledger = new Ledger();
    private final Placer placer;
    private final Acquisition acquisition;
    private final NodeBinder nodeBinder;
    private final Preemption preemption;
    private final Newcomers newcomers;
    private final Takeover takeover;
    private final SlotReservations slotReservations;
    private final PodBinder podBinder;
    private final InstanceStatus instanceStatus;
    private final Termination termination;
    private final PodReconciler podReconciler;
    private final RegionReconciler regionReconciler;
    private final UnitMembership unitMembership;
    private final Explainer explainer;
    private final EarlierInstances earlierInstances;
    private final PodReports podReports;
    private final PodRemoval podRemoval;
    private final VirtualNodes virtualNodes;
    private final StatusWriter statusWriter;
    private final PolicyMistakes policyMistakes;
    private final Profiles profiles;
    private final EventRetries eventRetries;
    private final StockPicture stock;
    private final PodWrites writes;
    private final RealNodes realNodes;
    private final OwnerSelectors ownerSelectors;

    /** An engine that knows nothing yet. */
    public Engine(Settings settings) {
        this.step = new Step(settings);
        this.world = step.world();
        this.writes = step.writes();
        this.stock = new StockPicture(settings.stock());
        this.realNodes = new RealNodes(settings.scoring());
        var counts = new UnitCounts();
        this.earlierInstances = new EarlierInstances(step);
        this.explainer = new Explainer(step);
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
        this.termination = new Termination(
                step, ledger, stock, realNodes, earlierInstances, unitMembership, podReports, podRemoval);
        this.instanceStatus = new InstanceStatus(step, ledger, stock, unitMembership, podReports, termination);
        this.podBinder = new PodBinder(
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
        this.acquisition =
                new Acquisition(step, ledger, stock, realNodes, unitMembership, explainer, podBinder, termination);
        this.takeover = new Takeover(step);
        this.newcomers = new Newcomers(step);
        var walker = new Walker(world.regions, stock, counts, realNodes, new WalkFacts());
        this.placer = new Placer(
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
        this.podReconciler = new PodReconciler(
                step, ledger, placer, podReports, acquisition, podBinder, instanceStatus, termination, podRemoval);
        this.regionReconciler = new RegionReconciler(
                step,
                ledger,
                new UnclaimedInstances(step, ledger),
                stock,
                podReconciler,
                podBinder,
                termination,
                podReports);
    }

    /** Takes in a fact and returns what shall be done, in order. {@code now} is the decision clock and never goes back. */
    public List<Effect> on(Event event, Instant now) {
        step.begin(now);
        takeover.start();
        switch (event) {
            case Event.PodSeen(Pod pod) -> podSeen(pod);
            case Event.PodGone gone -> podGone(gone.uid());
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
            case Event.AcquireAnswered answered -> {
                acquisition.acquireAnswered(answered.effect(), answered.answer());
                answered(answered.effect().region());
            }
            case Event.TerminateAnswered answered -> {
                termination.terminateAnswered(answered.effect(), answered.answer());
                answered(answered.effect().region());
            }
            case Event.FindAnswered answered -> acquisition.findAnswered(answered.effect(), answered.answer());
            case Event.DescribeAnswered answered ->
                podReconciler.describeAnswered(answered.effect(), answered.answer());
            case Event.InstancesListed answered -> {
                regionReconciler.listed(answered.effect(), answered.answer());
                virtualNodes.sync(answered.effect().region());
                statusWriter.touch(answered.effect().region());
            }
            case Event.RegionDisturbed disturbed -> regionReconciler.disturbed(disturbed.region());
            case Event.InstanceReported reported -> podReconciler.instanceReported(reported.instance());
            case Event.BindAnswered answered -> {
                if (!nodeBinder.bindAnswered(answered.effect(), answered.answer())) {
                    podBinder.bindAnswered(answered.effect(), answered.answer());
                }
            }
            case Event.PodRead read -> podRead(read);
            case Event.PodsListed listed -> podsListed(listed);
            case Event.SlotsReserved reserved -> slotReservations.answered(reserved.effect(), reserved.answer());
            case Event.SelectorRead read -> ownerSelectors.answered(read.effect(), read.answer());
            case Event.Written written -> written(written.write(), written.answer());
            case Event.TimePassed passed -> {}
        }
        drain();
        virtualNodes.sweep();
        placer.podsChanged(realNodes.takeChanges());
        return step.end(this::drain);
    }

    /** Looks at what has been marked, and at what that marks, until nothing is left. */
    private void drain() {
        for (var mark = step.agenda().next(); mark != null; mark = step.agenda().next()) {
            look(mark);
        }
    }

    private void look(Agenda.Mark mark) {
        switch (mark) {
            case Agenda.Mark.SlotAnswered it -> slotAnswered(it.request(), it.answer());
            case Agenda.Mark.InstanceDoubted(PodUid pod) -> acquisition.doubt(pod);
            case Agenda.Mark.SlotFreed(UnitKey unit) -> placer.slotFreed(unit);
            case Agenda.Mark.OfferClosed(Offer offer) -> placer.closed(offer);
            case Agenda.Mark.RegionClosed(RegionId region) -> placer.closed(region);
            case Agenda.Mark.Everybody() -> placer.everybody();
            case Agenda.Mark.Namespace(String namespace) -> placer.namespace(namespace);
            case Agenda.Mark.OnePod(Queues.Position place) -> {
                var state = world.pod(place.uid());
                if (state != null) {
                    podReconciler.podChanged(state);
                }
            }
            case Agenda.Mark.OfferOpened(Offer offer) -> placer.pump(offer);
            case Agenda.Mark.RegionOpened(RegionId region) -> placer.pump(region);
            case Agenda.Mark.GateOpened(Gate gate) -> placer.opened(gate);
            case Agenda.Mark.NodesChanged() -> placer.nodesChanged();
            case Agenda.Mark.PolicyShown(PolicyKey policy) -> statusWriter.touch(policy);
        }
    }

    private void slotAnswered(SlotRequest request, SlotAnswer answer) {
        var allocation = ledger.allocation(request.pod());
        var state = world.pod(request.pod());
        if (allocation != null) {
            podBinder.slotAnswered(allocation, request, answer);
        } else if (state != null) {
            nodeBinder.slotAnswered(state, request, answer);
        }
    }

    /** Pods that wait for a place, for metrics. */
    public int waitingPods() {
        return placer.waiting();
    }

    private void podSeen(Pod pod) {
        var state = world.put(pod);
        podReports.podSeen(state, pod);
        nodeBinder.podChanged(state);
        if (!isOnItsWay(state) && realNodes.podSeen(state.pod)) {
            step.agenda().nodesChanged();
        }
        unitMembership.podChanged(state);
        slotReservations.podChanged(pod.uid()); // after it counts where it is, never before
        step.agenda().pod(state);
    }

    /** Whether it counts where it is going to be, which the feed does not show yet. */
    private boolean isOnItsWay(PodState state) {
        return state.nodeTarget != null || (state.pod.isWaiting() && ledger.allocation(state.pod.uid()) != null);
    }

    /** A quorum read may know more than the feed has brought; what it says of binding, deletion and end holds for good. */
    private void learn(PodUid uid, PodReadAnswer answer) {
        var state = world.pod(uid);
        if (state == null || answer instanceof PodReadAnswer.Unknown) {
            return;
        }
        var known = state.pod;
        var read = answer instanceof PodReadAnswer.Found(Pod pod) && pod.uid().equals(uid) ? pod : known.ending();
        boolean isNews = (read.node() != null && known.node() == null)
                || (read.deleting() && !known.deleting())
                || (read.phase().isTerminal() && !known.phase().isTerminal());
        if (isNews) {
            podSeen(read);
        }
    }

    private void podGone(PodUid uid) {
        var state = world.remove(uid);
        if (state == null) {
            return;
        }
        nodeBinder.podGone(state);
        if (realNodes.podGone(uid)) {
            step.agenda().nodesChanged();
        }
        slotReservations.podChanged(uid);
        unitMembership.podGone(uid);
        policyMistakes.podGone(uid);
        earlierInstances.podGone(ledger.allocation(uid));
        podReconciler.podGone(state);
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

    private void podsListed(Event.PodsListed listed) {
        if (listed.answer() instanceof PodListAnswer.Complete(List<Pod> pods)) {
            pods.forEach(pod -> learn(pod.uid(), new PodReadAnswer.Found(pod)));
        }
        slotReservations.podsListed(listed.effect(), listed.answer());
    }

    private void podRead(Event.PodRead read) {
        learn(read.effect().uid(), read.answer());
        nodeBinder.podRead(read.effect().uid(), read.answer());
        podBinder.podRead(read.effect().uid(), read.answer());
        regionReconciler.podRead(read.effect(), read.answer());
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
        unitMembership.clusterListed(); // all of them, before the first one walks
        world.pods().forEach(step.agenda()::pod);
        statusWriter.touchAll();
    }

    private void answered(RegionId region) {
        virtualNodes.sync(region);
        statusWriter.touch(region);
    }

    private void written(ClusterWrite written, WriteAnswer answer) {
        boolean done = answer instanceof WriteAnswer.Done;
        switch (written) {
            case ClusterWrite.WriteStatus write -> {
                writes.written(write, answer);
                podRemoval.written(write, answer);
                if (done) {
                    instanceStatus.statusWritten(write.uid(), write.status());
                }
            }
            case ClusterWrite.Explain write -> {
                if (!done && !(answer instanceof WriteAnswer.Gone)) {
                    explainer.failed(write.uid());
                }
            }
            case ClusterWrite.BindVolume write -> nodeBinder.volumeWritten(write, answer);
            case ClusterWrite.Evict write -> preemption.written(write, answer);
            case ClusterWrite.Nominate write -> preemption.written(write, answer);
            case ClusterWrite.AnnounceProfile write -> eventRetries.written(write, answer);
            case ClusterWrite.AnnounceNode write -> eventRetries.written(write, answer);
            case ClusterWrite.Announce write -> eventRetries.written(write, answer);
            case ClusterWrite.Annotate write -> writes.written(write, answer);
            case ClusterWrite.RemovePod write -> podRemoval.removed(write, answer);
            case ClusterWrite.PutNode write -> virtualNodes.written(write, answer);
            case ClusterWrite.RemoveNode write -> virtualNodes.written(write, answer);
            case ClusterWrite.WriteRegionStatus write -> statusWriter.written(write, done);
            case ClusterWrite.WritePolicyStatus write -> statusWriter.written(write, done);
        }
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
        public boolean isNew(PolicyKey policy) {
            return newcomers.isNew(policy);
        }
    }
}
