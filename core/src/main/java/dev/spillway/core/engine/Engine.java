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
 * change of leader; the time of its first event is the takeover (docs/concepts.md, "Restart"). Not thread-safe: one thread
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
    private final Acquisition asking;
    private final NodeBinder toNodes;
    private final Preemption evictions;
    private final Newcomers newcomers;
    private final Takeover takeover;
    private final SlotReservations reservations;
    private final PodBinder bindings;
    private final InstanceStatus aftercare;
    private final Termination endings;
    private final PodReconciler custody;
    private final RegionReconciler overseer;
    private final UnitMembership counting;
    private final Explainer explainer;
    private final EarlierInstances namesakes;
    private final PodReports reports;
    private final PodRemoval farewells;
    private final VirtualNodes nodes;
    private final StatusWriter statuses;
    private final PolicyMistakes mistakes;
    private final Profiles profiles;
    private final EventRetries notices;
    private final StockPicture stock;
    private final PodWrites writes;
    private final RealNodes realNodes;
    private final OwnerSelectors selectors;

    /** An engine that knows nothing yet. */
    public Engine(Settings settings) {
        this.step = new Step(settings);
        this.world = step.world();
        this.writes = step.writes();
        this.stock = new StockPicture(settings.stock());
        this.realNodes = new RealNodes(settings.scoring());
        var counts = new UnitCounts();
        this.namesakes = new EarlierInstances(step);
        this.explainer = new Explainer(step);
        var costs = new DeletionCostNotices(step);
        this.counting = new UnitMembership(step, ledger, counts, costs);
        this.selectors = new OwnerSelectors(step);
        this.reports = new PodReports(step);
        this.farewells = new PodRemoval(step);
        this.nodes = new VirtualNodes(step, ledger, stock, farewells);
        this.mistakes = new PolicyMistakes(step);
        this.statuses = new StatusWriter(step, ledger, stock, nodes, new PolicyView(step, counts, mistakes));
        this.profiles = new Profiles(step);
        this.notices = new EventRetries(step, profiles);
        this.reservations = new SlotReservations(step, counts);
        this.toNodes = new NodeBinder(step, realNodes, namesakes, counting, costs, explainer, reservations);
        this.evictions = new Preemption(step, realNodes);
        this.endings = new Termination(step, ledger, stock, realNodes, namesakes, counting, reports, farewells);
        this.aftercare = new InstanceStatus(step, ledger, stock, counting, reports, endings);
        this.bindings = new PodBinder(
                step, ledger, realNodes, namesakes, counting, costs, explainer, reservations, aftercare, endings);
        this.asking = new Acquisition(step, ledger, stock, realNodes, counting, explainer, bindings, endings);
        this.takeover = new Takeover(step);
        this.newcomers = new Newcomers(step);
        var walker = new Walker(world.regions, stock, counts, realNodes, new WalkFacts());
        this.placer = new Placer(
                step, ledger, stock, realNodes, counting, walker, explainer, asking, toNodes, evictions, selectors,
                mistakes);
        this.custody =
                new PodReconciler(step, ledger, placer, reports, asking, bindings, aftercare, endings, farewells);
        this.overseer = new RegionReconciler(
                step, ledger, new UnclaimedInstances(step, ledger), stock, custody, bindings, endings, reports);
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
                asking.acquireAnswered(answered.effect(), answered.answer());
                answered(answered.effect().region());
            }
            case Event.TerminateAnswered answered -> {
                endings.terminateAnswered(answered.effect(), answered.answer());
                answered(answered.effect().region());
            }
            case Event.FindAnswered answered -> asking.findAnswered(answered.effect(), answered.answer());
            case Event.DescribeAnswered answered -> custody.describeAnswered(answered.effect(), answered.answer());
            case Event.InstancesListed answered -> {
                overseer.listed(answered.effect(), answered.answer());
                nodes.sync(answered.effect().region());
                statuses.touch(answered.effect().region());
            }
            case Event.RegionDisturbed disturbed -> overseer.disturbed(disturbed.region());
            case Event.InstanceReported reported -> custody.instanceReported(reported.instance());
            case Event.BindAnswered answered -> {
                if (!toNodes.bindAnswered(answered.effect(), answered.answer())) {
                    bindings.bindAnswered(answered.effect(), answered.answer());
                }
            }
            case Event.PodRead read -> podRead(read);
            case Event.PodsListed listed -> podsListed(listed);
            case Event.SlotsReserved reserved -> reservations.answered(reserved.effect(), reserved.answer());
            case Event.SelectorRead read -> selectors.answered(read.effect(), read.answer());
            case Event.Written written -> written(written.effect(), written.answer());
            case Event.TimePassed passed -> {}
        }
        drain();
        nodes.sweep();
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
            case Agenda.Mark.InstanceDoubted(PodUid pod) -> asking.doubt(pod);
            case Agenda.Mark.SlotFreed(UnitKey unit) -> placer.slotFreed(unit);
            case Agenda.Mark.OfferClosed(Offer offer) -> placer.closed(offer);
            case Agenda.Mark.RegionClosed(RegionId region) -> placer.closed(region);
            case Agenda.Mark.Everybody() -> placer.everybody();
            case Agenda.Mark.Namespace(String namespace) -> placer.namespace(namespace);
            case Agenda.Mark.OnePod(Queues.Position place) -> {
                var state = world.pod(place.uid());
                if (state != null) {
                    custody.podChanged(state);
                }
            }
            case Agenda.Mark.OfferOpened(Offer offer) -> placer.pump(offer);
            case Agenda.Mark.RegionOpened(RegionId region) -> placer.pump(region);
            case Agenda.Mark.GateOpened(Gate gate) -> placer.opened(gate);
            case Agenda.Mark.NodesChanged() -> placer.nodesChanged();
            case Agenda.Mark.PolicyShown(PolicyKey policy) -> statuses.touch(policy);
        }
    }

    private void slotAnswered(SlotRequest request, SlotAnswer answer) {
        var claim = ledger.claim(request.pod());
        var state = world.pod(request.pod());
        if (claim != null) {
            bindings.slotAnswered(claim, request, answer);
        } else if (state != null) {
            toNodes.slotAnswered(state, request, answer);
        }
    }

    /** Pods that wait for a place, for metrics. */
    public int waitingPods() {
        return placer.waiting();
    }

    private void podSeen(Pod pod) {
        var state = world.put(pod);
        reports.podSeen(state, pod);
        toNodes.podChanged(state);
        if (!isOnItsWay(state) && realNodes.podSeen(state.pod)) {
            step.agenda().nodesChanged();
        }
        counting.podChanged(state);
        reservations.podChanged(pod.uid()); // after it counts where it is, never before
        step.agenda().pod(state);
    }

    /** Whether it counts where it is going to be, which the feed does not show yet. */
    private boolean isOnItsWay(PodState state) {
        return state.nodeTarget != null || (state.pod.isWaiting() && ledger.claim(state.pod.uid()) != null);
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
        toNodes.podGone(state);
        if (realNodes.podGone(uid)) {
            step.agenda().nodesChanged();
        }
        reservations.podChanged(uid);
        counting.podGone(uid);
        mistakes.podGone(uid);
        namesakes.podGone(ledger.claim(uid));
        custody.podGone(state);
    }

    private void policySeen(Policy policy) {
        if (policy.equals(world.policies.get(policy.key()))) {
            return; // only its status changed
        }
        var before = world.policies.get(policy.key());
        world.policies.put(policy);
        newcomers.seen(policy.key());
        if (before != null && !before.uid().equals(policy.uid())) {
            reservations.policyGone(policy.key()); // deleted and created anew, of which only the outcome was seen
            statuses.forget(policy.key());
        }
        policyChanged(policy.key());
        statuses.touchSoon(policy.key());
    }

    private void policyGone(PolicyKey key) {
        var gone = world.policies.remove(key);
        if (gone != null) {
            placer.policyGone(gone);
        }
        newcomers.forget(key);
        reservations.policyGone(key);
        policyChanged(key);
        statuses.forget(key);
    }

    private void policyChanged(PolicyKey key) {
        world.judge(key);
        mistakes.policyChanged(key);
        counting.policyChanged(key.namespace());
        step.agenda().namespace(key.namespace());
        statuses.touch(key);
    }

    private void regionSeen(Region region, String problem) {
        var before = world.regions.get(region.id());
        world.regions.put(region, problem);
        newcomers.seen(region.id());
        if (region.lost() && (before == null || !before.region().lost())) {
            endings.regionLost(region.id());
        }
        if (before != null && before.region().generation() != region.generation()) {
            stock.reconsider(region.id());
            step.agenda().opened(region.id());
        }
        if (before == null || before.region().generation() != region.generation()) {
            regionsChanged();
            statuses.touchSoon(region.id());
            overseer.edited(region.id());
        }
    }

    private void regionGone(RegionId id) {
        world.regions.remove(id);
        newcomers.forget(id);
        stock.forget(id); // one of the same name may be declared later, with other stock
        regionsChanged();
        statuses.forget(id);
    }

    private void regionsChanged() {
        nodes.sync();
        mistakes.regionsChanged();
        step.agenda().everybody();
        statuses.touchAll();
    }

    private void nodeSeen(Node node) {
        var before = world.node(node.name());
        world.put(node);
        if (world.isListed() && (before == null || !before.labels().equals(node.labels()))) {
            counting.nodeChanged(node.name());
            statuses.touchPolicies();
        }
        nodes.nodeSeen(node);
        if (realNodes.nodeSeen(node)) {
            step.agenda().nodesChanged();
        }
        boolean ours = world.regions.zoneOf(node.name()) != null;
        if (ours && !node.equals(before)) {
            step.agenda().everybody();
        }
    }

    private void backendOpened(RegionId region, Capabilities capabilities) {
        overseer.opened(region, capabilities);
        newcomers.opened(region);
        regionsChanged();
        statuses.touchSoon(region);
    }

    private void nodeGone(NodeName name) {
        world.removeNode(name);
        if (world.regions.zoneOf(name) != null) {
            newcomers.lost(name);
        }
        statuses.touchPolicies();
        counting.nodeChanged(name);
        realNodes.nodeGone(name);
        nodes.nodeGone(name);
    }

    private void namespaceSeen(Event.NamespaceSeen seen) {
        boolean changed = !seen.labels().equals(world.namespace(seen.name()))
                || seen.terminating() != world.isTerminating(seen.name());
        world.putNamespace(seen.name(), seen.labels(), seen.terminating());
        realNodes.namespaceSeen(seen.name(), seen.labels());
        if (changed) {
            counting.policyChanged(seen.name());
            step.agenda().namespace(seen.name());
        }
    }

    private void podsListed(Event.PodsListed listed) {
        if (listed.answer() instanceof PodListAnswer.Complete(List<Pod> pods)) {
            pods.forEach(pod -> learn(pod.uid(), new PodReadAnswer.Found(pod)));
        }
        reservations.podsListed(listed.effect(), listed.answer());
    }

    private void podRead(Event.PodRead read) {
        learn(read.effect().uid(), read.answer());
        toNodes.podRead(read.effect().uid(), read.answer());
        bindings.podRead(read.effect().uid(), read.answer());
        overseer.podRead(read.effect(), read.answer());
    }

    private void storageChanged(StorageObject.Id id) {
        if (id.kind() == StorageObject.Kind.CLAIM) {
            toNodes.claimChanged(id);
        }
        step.agenda().nodesChanged();
    }

    private void clusterListed() {
        world.markListed();
        takeover.clusterListed();
        overseer.clusterListed();
        nodes.sync();
        counting.clusterListed(); // all of them, before the first one walks
        world.pods().forEach(step.agenda()::pod);
        statuses.touchAll();
    }

    private void answered(RegionId region) {
        nodes.sync(region);
        statuses.touch(region);
    }

    private void written(Effect.Write effect, WriteAnswer answer) {
        boolean done = answer instanceof WriteAnswer.Done;
        switch (effect) {
            case Effect.WriteStatus write -> {
                writes.written(write, answer);
                farewells.written(write, answer);
                if (done) {
                    aftercare.statusWritten(write.uid(), write.status());
                }
            }
            case Effect.Explain write -> {
                if (!done && !(answer instanceof WriteAnswer.Gone)) {
                    explainer.failed(write.uid());
                }
            }
            case Effect.BindVolume write -> toNodes.volumeWritten(write, answer);
            case Effect.Evict write -> evictions.written(write, answer);
            case Effect.Nominate write -> evictions.written(write, answer);
            case Effect.AnnounceProfile write -> notices.written(write, answer);
            case Effect.AnnounceNode write -> notices.written(write, answer);
            case Effect.Announce write -> notices.written(write, answer);
            case Effect.Annotate write -> writes.written(write, answer);
            case Effect.RemovePod write -> farewells.removed(write, answer);
            case Effect.PutNode write -> nodes.written(write, answer);
            case Effect.RemoveNode write -> nodes.written(write, answer);
            case Effect.WriteRegionStatus write -> statuses.written(write, done);
            case Effect.WritePolicyStatus write -> statuses.written(write, done);
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
            return selectors.of(namespace, owner);
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
