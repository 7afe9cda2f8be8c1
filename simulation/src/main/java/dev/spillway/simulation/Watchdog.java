package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks the invariants of docs/specification/invariants.md after every step, on what is really there and not on what the engine
 * believes: S1, S2, S3, S5, S6 and O6 here, S4 in {@link Leftovers}, S9 in {@link Caps}, S10 and S14 in {@link OutageChecks}, S15 in {@link GivenUp}, O1 to O5 in {@link Fairness}. Throws at the first that
 * is broken.
 */
final class Watchdog {
    private static final long MINUTE_MILLIS = 60_000;

    /** Watches of one kind in a minute; one that breaks is opened anew, and where nothing comes of it pauses grow. */
    private static final int MOST_WATCHES = 60;

    private final World world;
    private final PodViews pods;
    private final Knowledge knowledge = new Knowledge();
    private final Leftovers leftovers;
    private final Caps caps;
    private final OutageChecks outages;
    private final TreeMap<String, InstanceView> instances = new TreeMap<>();
    private final TreeMap<PodUid, TreeMap<String, InstanceView>> instancesByUid = new TreeMap<>();
    private final TreeMap<PodUid, TreeSet<String>> boundIds = new TreeMap<>();
    private final Map<String, ArrayDeque<Long>> watchesAskedAt = new HashMap<>(); // only looked up
    private final Set<PodUid> hidden = new TreeSet<>();
    private final Set<PodUid> posthumous = new TreeSet<>();
    private final PodViews.Observer observer = new PodViews.Observer() {
        @Override
        public void changed(@Nullable Pod before, Pod after, String reason) {
            podChanged(before, after, reason);
        }

        @Override
        public void gone(Pod last) {
            world.journal.note(last.uid().value(), "object of " + last.key() + " is gone");
            world.fairness.left(last);
        }
    };

    Watchdog(World world) {
        this.world = world;
        this.pods = new PodViews(world);
        this.leftovers = new Leftovers(world, pods, this, knowledge);
        this.caps = new Caps(world, pods);
        this.outages = new OutageChecks(world);
    }

    PodViews pods() {
        return pods;
    }

    Caps caps() {
        return caps;
    }

    Knowledge knowledge() {
        return knowledge;
    }

    OutageChecks outages() {
        return outages;
    }

    Leftovers leftovers() {
        return leftovers;
    }

    /** All instances that ever were, in order of id. */
    Collection<InstanceView> instances() {
        return instances.values();
    }

    /** The instances that ever were of a pod. */
    Collection<InstanceView> instancesOf(PodUid uid) {
        var found = instancesByUid.get(uid);
        return found == null ? List.of() : found.values();
    }

    @Nullable
    InstanceView instance(String id) {
        return instances.get(id);
    }

    /** After every step. */
    void check() {
        pods.refresh(observer);
        leftovers.sweep();
        world.fairness.sweep();
    }

    // What processes learn and want

    /** Something reaches a process. */
    void told(ControllerProcess process, Event event) {
        knowledge.told(process, event);
        outages.told(process, event);
        world.fairness.told(process, event);
    }

    /** A feed has lost an event. */
    void missed(ControllerProcess process, Kind kind, String uid) {
        knowledge.missed(process, kind, uid);
    }

    /** A feed has listed a kind: nothing is missing any more. */
    void sees(ControllerProcess process, Kind kind) {
        knowledge.sees(process, kind);
    }

    /** A feed has delivered an object. */
    void sees(ControllerProcess process, Kind kind, String uid) {
        knowledge.sees(process, kind, uid);
    }

    /** A feed asks for a watch. */
    void watches(ControllerProcess process, Kind kind) {
        long now = world.timeline.millis();
        var key = process.name() + " " + kind;
        var asked = watchesAskedAt.computeIfAbsent(key, k -> new ArrayDeque<>());
        asked.add(now);
        while (asked.getFirst() <= now - MINUTE_MILLIS) {
            asked.remove();
        }
        if (asked.size() > MOST_WATCHES) {
            throw new ViolationException(
                    "O6",
                    "%s asked %d times in a minute for a watch of %s.".formatted(process.name(), asked.size(), kind),
                    process.name());
        }
    }

    /** A list of a region did not show these: a process that has just started cannot know them. */
    void hidden(List<Instance> list) {
        for (var instance : list) {
            hidden.add(instance.tags().podUid());
        }
    }

    /** A status landed that a process had sent which is dead by now; nobody can call it back. */
    void wroteAfterDeath(PodUid uid) {
        posthumous.add(uid);
    }

    /** A process wants to bind. */
    void bindingWanted(ControllerProcess process, Binding binding) {
        if (world.realNodes.has(binding.node().value())) {
            world.fairness.bindsToRealNode(process, binding);
        }
        var uid = binding.uid().value();
        if (knowledge.isHopeless(process, uid)) {
            throw new ViolationException(
                    "S3",
                    "%s binds pod %s, of which it was told that it is bound, deleted or replaced."
                            .formatted(process.name(), binding.pod()),
                    uid,
                    process.name());
        }
        var id = binding.annotations().getOr(Names.INSTANCE_ID, "");
        if (!id.isEmpty() && knowledge.hasEnded(process, id)) {
            throw new ViolationException(
                    "S2",
                    "%s binds pod %s to instance %s, of which it was told that it has ended."
                            .formatted(process.name(), binding.pod(), id),
                    uid,
                    id,
                    process.name());
        }
    }

    /** A binding of ours took effect. */
    void bindingDone(ControllerProcess process, Binding binding) {
        if (world.realNodes.has(binding.node().value())) {
            return;
        }
        var uid = binding.uid().value();
        var id = binding.annotations().getOr(Names.INSTANCE_ID, "");
        var instance = instances.get(id);
        String wrong = null;
        if (instance == null) {
            wrong = "no instance was accepted for it";
        } else if (!instance.uid.equals(binding.uid())) {
            wrong = "instance %s belongs to another pod".formatted(id);
        } else if (!instance.node().equals(binding.node())) {
            wrong = "instance %s is in another zone".formatted(id);
        } else if (instance.wasTerminatedAlive || instance.terminatedBy.equals(process.name())) {
            wrong = "instance %s was terminated by %s".formatted(id, instance.terminatedBy);
        }
        if (wrong != null) {
            throw new ViolationException(
                    "S2",
                    "%s bound pod %s to %s, but %s.".formatted(process.name(), binding.pod(), binding.node(), wrong),
                    uid,
                    id,
                    process.name());
        }
    }

    /** A request to terminate takes effect. */
    void terminating(ControllerProcess process, Effect.Terminate effect) {
        var instance = instances.get(effect.instance().value());
        if (instance == null) {
            return;
        }
        var pod = pods.get(instance.uid);
        boolean runsThere = pod != null
                && pod.node() != null
                && !pod.deleting()
                && !pod.phase().isTerminal()
                && instance.id().equals(pod.instance());
        if (runsThere && instance.isLive() && !instance.vanished) {
            throw new ViolationException(
                    "S5",
                    "%s terminates instance %s (%s) though its pod is bound to it and alive."
                            .formatted(process.name(), instance.id(), effect.why()),
                    instance.uid.value(),
                    instance.id(),
                    process.name());
        }
        if (instance.terminatedBy.isEmpty()) {
            instance.terminatedBy = process.name();
            instance.wasTerminatedAlive = instance.isLive() && !instance.vanished;
        }
    }

    // What really happens

    void vanished(InstanceView instance) {
        instance.vanished = true;
    }

    void instanceChanged(RegionId region, Instance change) {
        var known = instances.get(change.id().value());
        world.journal.note(
                change.tags().podUid().value(),
                "instance " + change.id() + " in " + change.tags().offer().zone() + " is " + change.state() + " "
                        + change.reason());
        if (known != null) {
            boolean isFreed = !known.isGone() && change.state() == Instance.State.GONE;
            known.last = change;
            if (isFreed) {
                world.fairness.gone(known);
            }
            if (change.state() == Instance.State.FAILED && change.reason().equals("NoStock")) {
                world.chaos.happened(Fault.FAILED_AFTER_ACCEPT);
            }
            return;
        }
        var instance = new InstanceView(region, change);
        instances.put(instance.id(), instance);
        instancesByUid.computeIfAbsent(instance.uid, u -> new TreeMap<>()).put(instance.id(), instance);
        checkStock(instance);
        checkSingle(instance);
        outages.accepted(instance, hidden);
    }

    private void checkStock(InstanceView accepted) {
        var offer = accepted.last.tags().offer();
        int live = 0;
        for (var other : instances.values()) {
            var theirs = other.last.tags().offer();
            if (other.isLive()
                    && theirs.zone().equals(offer.zone())
                    && theirs.gpuModel().equals(offer.gpuModel())) {
                live++;
            }
        }
        int stock = world.cloud.stock(new SimulatedCloud.Pool(offer.region(), offer.zone(), offer.gpuModel()));
        if (live > stock) {
            throw new ViolationException(
                    "S2", "%d instances live in a pool of %d.".formatted(live, stock), accepted.uid.value());
        }
    }

    private void checkSingle(InstanceView accepted) {
        var live =
                instancesOf(accepted.uid).stream().filter(InstanceView::isLive).toList();
        boolean excused = world.fleet.hasOverlapped() || hidden.contains(accepted.uid);
        if (live.size() > 1 && !excused) {
            throw new ViolationException(
                    "S1",
                    "Pod %s has live instances %s."
                            .formatted(
                                    accepted.last.tags().pod(),
                                    live.stream().map(InstanceView::id).toList()),
                    accepted.uid.value());
        }
    }

    private void podChanged(@Nullable Pod before, Pod after, String reason) {
        var uid = after.uid();
        world.journal.note(
                uid.value(),
                after.key() + " is " + after.phase() + " on " + after.node() + (after.deleting() ? " deleting" : ""));
        var bought = after.instance();
        if (after.node() != null && bought != null) {
            boundIds.computeIfAbsent(uid, u -> new TreeSet<>()).add(bought);
            checkBoundOnce(after);
        }
        if (before != null) {
            if (!posthumous.contains(uid) && !world.fleet.hasOverlapped()) {
                checkPhase(before, after);
            }
            if (after.phase() == Pod.Phase.FAILED && before.phase() != Pod.Phase.FAILED) {
                checkFailure(after, reason);
            }
        }
        caps.podChanged(before, after);
        outages.podChanged(after);
        world.givenUp.podChanged(after);
        if ((before == null || before.node() == null) && after.node() != null && Contention.isInSecondUnit(after)) {
            world.fairness.spilled(after);
        }
    }

    private void checkBoundOnce(Pod pod) {
        var ids = boundIds.getOrDefault(pod.uid(), new TreeSet<>());
        var live = instancesOf(pod.uid()).stream()
                .filter(one -> one.isLive() && ids.contains(one.id()))
                .map(InstanceView::id)
                .toList();
        if (live.size() > 1) {
            throw new ViolationException(
                    "S1",
                    "Pod %s was bound to instances %s, and all of them live.".formatted(pod.key(), live),
                    pod.uid().value());
        }
    }

    private static void checkPhase(Pod before, Pod after) {
        boolean revived = before.phase().isTerminal() && after.phase() != before.phase();
        boolean unstarted = before.phase() == Pod.Phase.RUNNING && after.phase() == Pod.Phase.PENDING;
        if (revived || unstarted) {
            throw new ViolationException(
                    "S6",
                    "Pod %s went from %s to %s.".formatted(after.key(), before.phase(), after.phase()),
                    after.uid().value());
        }
    }

    private void checkFailure(Pod pod, String reason) {
        var instance = instances.get(pod.annotations().getOr(Names.INSTANCE_ID, ""));
        if (reason.equals("InstanceLost") && instance != null && instance.isLive() && !instance.vanished) {
            throw new ViolationException(
                    "S5",
                    "Pod %s was declared failed though its instance %s lives.".formatted(pod.key(), instance.id()),
                    pod.uid().value(),
                    instance.id());
        }
    }
}
