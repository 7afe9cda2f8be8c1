package dev.spillway.core.engine;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.provision.Namesakes;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.core.takeover.UnclaimedInstances;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares regions with the cluster: once completely after a start, before older pods may be placed, and from then on for
 * ever (R27, R28). Nothing is terminated but on positive evidence: a quorum read of the pod.
 */
final class RegionReconciler {
    /** An edit of a Region takes effect at once or soon after; whoever made it looks at what became of it. */
    private static final Duration AFTER_EDIT = Duration.ofSeconds(1);

    private final Settings settings;
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final PodReconciler podReconciler;
    private final PodBinder podBinder;
    private final Termination termination;
    private final PodReports podReports;
    private final TreeSet<RegionId> scheduled = new TreeSet<>();
    private final TreeMap<RegionId, Integer> failures = new TreeMap<>();

    /** When a region is listed next; absent while a list is under way. */
    private final TreeMap<RegionId, Instant> nextList = new TreeMap<>();

    private final UnclaimedInstances unclaimedInstances;
    private final Namesakes namesakes;

    RegionReconciler(
            Step step,
            Ledger ledger,
            UnclaimedInstances unclaimedInstances,
            Namesakes namesakes,
            StockPicture stock,
            PodReconciler podReconciler,
            PodBinder podBinder,
            Termination termination,
            PodReports podReports) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.unclaimedInstances = unclaimedInstances;
        this.namesakes = namesakes;
        this.stock = stock;
        this.podReconciler = podReconciler;
        this.podBinder = podBinder;
        this.termination = termination;
        this.podReports = podReports;
    }

    /** A region can be asked from now on. */
    void opened(RegionId region, Capabilities capabilities) {
        world.opened(region, capabilities);
        begin(region);
    }

    /** The first lists of the cluster are complete: regions are compared from now on. */
    void clusterListed() {
        for (var entry : world.regions.all()) {
            begin(entry.region().id());
        }
    }

    private void begin(RegionId region) {
        var capabilities = world.capabilities(region);
        if (!world.isListed() || capabilities == null || !scheduled.add(region)) {
            return;
        }
        var wait = capabilities.settle().minus(step.age());
        if (wait.isPositive()) {
            step.after(wait, () -> list(region));
        } else {
            list(region);
        }
    }

    private void list(RegionId region) {
        var entry = world.regions.get(region);
        if (entry == null) {
            scheduled.remove(region);
            return;
        }
        step.emit(new Effect.ListInstances(region, step.now()));
    }

    void listed(Effect.ListInstances effect, ListAnswer answer) {
        var region = effect.region();
        switch (answer) {
            case ListAnswer.Unknown(String why) -> {
                // One list that fails is nothing to speak of.
                if (failures.getOrDefault(region, 0) > 0) {
                    world.listProblem(region, why);
                    podReconciler.unheard(region, why);
                }
                again(region);
            }
            case ListAnswer.Throttled throttled -> {
                world.listProblem(region, ""); // that is an answer
                again(region);
            }
            case ListAnswer.Complete(List<Instance> instances) -> {
                world.listProblem(region, "");
                stock.heard(region, step.now());
                if (instances.isEmpty() && !world.isCompared(region) && doubted(region)) {
                    again(region);
                    return;
                }
                failures.remove(region);
                compare(region, instances, effect.askedAt());
                listAfter(region, settings.collectEvery());
            }
        }
    }

    private void again(RegionId region) {
        listAfter(region, Step.pause(failures.merge(region, 1, Integer::sum)));
    }

    /** Lists the region after a while, in place of what was planned before. */
    private void listAfter(RegionId region, Duration pause) {
        var at = step.now().plus(pause);
        nextList.put(region, at);
        step.at(at, () -> {
            if (nextList.remove(region, at)) {
                list(region);
            }
        });
    }

    /**
     * The region cannot be followed for now. Whether it is there at all a list tells at once: a region that nobody asks for anything is
     * listed too seldom to notice otherwise.
     */
    void disturbed(RegionId region) {
        if (!failures.containsKey(region) && nextList.remove(region) != null) {
            failures.put(region, 1); // of which this was the first
            list(region);
        }
    }

    /** The Region was declared otherwise. */
    void edited(RegionId region) {
        if (nextList.containsKey(region)) {
            listAfter(region, AFTER_EDIT);
        }
    }

    /** An empty list after a start is doubted while pods say that they run there; each of them is looked up by id. */
    private boolean doubted(RegionId region) {
        boolean doubt = false;
        for (var node : world.nodesOf(region)) {
            for (var uid : List.copyOf(world.podsOn(node))) {
                var state = world.pod(uid);
                if (state == null || state.failed || ledger.allocation(uid) != null) {
                    continue;
                }
                var pod = state.pod;
                var bought = pod.instance();
                if (bought != null && !pod.phase().isTerminal()) {
                    doubt = true;
                    step.emit(new Effect.Describe(region, new InstanceId(bought), uid));
                }
            }
        }
        return doubt;
    }

    private void compare(RegionId region, List<Instance> instances, Instant askedAt) {
        boolean first = !world.isCompared(region);
        world.markCompared(region);
        var present = new TreeSet<String>();
        for (var instance : instances) {
            present.add(instance.id().value());
            apply(region, instance, first);
        }
        unclaimedInstances.present(region, present);
        namesakes.listed(region, present);
        var capabilities = world.capabilities(region);
        for (var allocation : ledger.allocations()) {
            if (allocation.region().equals(region) && allocation.state() instanceof AllocationState.Bound bound) {
                var id = bound.instance().id();
                if (capabilities != null
                        && bound.heldAt().plus(capabilities.settle()).isBefore(askedAt)
                        && !present.contains(id.value())) {
                    step.emit(new Effect.Describe(region, id, allocation.uid()));
                }
            }
        }
        world.forgetOverheard(region);
        repeatStatuses(region);
        if (first) {
            for (var node : world.nodesOf(region)) {
                for (var uid : List.copyOf(world.podsOn(node))) {
                    var state = world.pod(uid);
                    if (state != null && ledger.allocation(uid) == null) {
                        podReconciler.podChanged(state);
                    }
                }
            }
            step.agenda().everybody();
        }
    }

    /** Shows again what a process that did not know better has overwritten. */
    private void repeatStatuses(RegionId region) {
        for (var node : world.nodesOf(region)) {
            for (var uid : world.podsOn(node)) {
                var state = world.pod(uid);
                if (state != null) {
                    podReports.repeat(state, ledger.allocation(uid), settings.collectEvery());
                }
            }
        }
    }

    private void apply(RegionId region, Instance instance, boolean first) {
        switch (unclaimedInstances.judge(region, instance)) {
            case UnclaimedInstances.Finding.Settled() -> {}
            case UnclaimedInstances.Finding.Claimed() -> podReconciler.instanceReported(instance);
            case UnclaimedInstances.Finding.Orphaned(PodState state) -> podBinder.adopt(state, instance);
            case UnclaimedInstances.Finding.Suspect() -> {
                namesakes.seen(instance);
                unclaimedInstances.suspect(region, instance, first);
            }
        }
    }

    /** A quorum read of a pod that instances without allocation were made for. */
    void podRead(Effect.ReadPod effect, PodReadAnswer answer) {
        unclaimedInstances
                .podRead(effect.uid(), answer)
                .forEach(leftover -> termination.leftover(leftover.instance(), leftover.why()));
    }
}
