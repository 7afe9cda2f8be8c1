package dev.spillway.simulation;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Binding;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is promised to those who compete, judged on what is really there, and except for O4 only once nothing goes wrong any more:
 *
 * <ul>
 *   <li>O1: of the pods that wait for one offer, the region accepts none before one of higher priority, or an older one of the same
 *   <li>O2: capacity that an instance of ours has left is asked for within 10 s where somebody waits for it
 *   <li>O3: a unit that has had room for a minute is used: nobody waits for it, nobody is sent on to the next unit
 *   <li>O4: a pod whose strict policy was deleted less than the engine's grace ago, alone or with its namespace, is not bound by another rule
 *   <li>O5: who waits for others to leave a node waits for somebody who has been told to
 * </ul>
 */
final class Fairness {
    private static final long SWEEP_MILLIS = 500;

    /** A pod younger than this may be unknown yet, or be on its way. */
    private static final long YOUNG_MILLIS = 20_000;

    /** An ask so young may have been refused before the stock came, and is asked for again in its turn. */
    private static final long SAME_WAVE_MILLIS = 4_000;

    private static final long FREED_MILLIS = 10_000;
    private static final long ROOM_MILLIS = 60_000;
    /** Room on a node is used at once, where nobody has to be asked. */
    private static final long NODE_ROOM_MILLIS = 10_000;

    private final World world;
    private final Map<PodUid, Long> askedAt = new HashMap<>(); // only looked up
    private final Map<String, Long> policyDeletedAt = new HashMap<>(); // likewise
    private final Map<String, Long> heardAt = new HashMap<>(); // likewise, by process and what it heard of
    private final Map<String, String> nodeOfGone = new HashMap<>(); // likewise, by UID
    private final TreeMap<PodUid, Long> roomSince = new TreeMap<>();
    private final TreeMap<PodUid, Long> nobodyLeavesSince = new TreeMap<>();
    private @Nullable Long freedAt;
    private long cappedRoomSince = Long.MAX_VALUE;
    private long sweptAt;
    private boolean judges;

    Fairness(World world) {
        this.world = world;
    }

    /** From now on nothing goes wrong any more. */
    void judge() {
        judges = true;
    }

    // O1, O2

    /** An ask reaches a region. */
    void asked(AcquireRequest request, boolean accepted) {
        var uid = request.tags().podUid();
        if (request.offer().region().equals(Contention.QUEUE_REGION)) {
            freedAt = null;
        }
        var pod = world.watchdog.pods().get(uid);
        if (accepted && judges && pod != null && Contention.appOf(pod).equals(Contention.QUEUE)) {
            for (var other : waiting(Contention.QUEUE)) {
                boolean sameWave =
                        world.timeline.millis() - askedAt.getOrDefault(other.uid(), -YOUNG_MILLIS) < SAME_WAVE_MILLIS;
                if (standsBefore(other, pod) && !isYoung(other) && !sameWave) {
                    throw new ViolationException(
                            "O1",
                            "Pod %s of priority %d got what pod %s of priority %d waits for, which %s."
                                    .formatted(
                                            pod.key(),
                                            pod.spec().priority(),
                                            other.key(),
                                            other.spec().priority(),
                                            other.createdSeconds() < pod.createdSeconds()
                                                    ? "is older"
                                                    : "stands first"),
                            uid.value(),
                            other.uid().value());
                }
            }
        }
        askedAt.put(uid, world.timeline.millis());
    }

    private static boolean standsBefore(Pod one, Pod other) {
        int priority = Integer.compare(one.spec().priority(), other.spec().priority());
        return !one.uid().equals(other.uid())
                && (priority > 0 || (priority == 0 && one.createdSeconds() < other.createdSeconds()));
    }

    /** An instance is confirmed gone, and with it its share of the stock is free. */
    void gone(InstanceView instance) {
        if (judges
                && freedAt == null
                && instance.region.equals(Contention.QUEUE_REGION)
                && !waiting(Contention.QUEUE).isEmpty()) {
            freedAt = world.timeline.millis();
        }
    }

    private List<Pod> waiting(String app) {
        return world.watchdog.pods().all().stream()
                .filter(pod -> Contention.appOf(pod).equals(app)
                        && pod.isWaiting()
                        && !isHidden(pod)
                        && world.watchdog.instancesOf(pod.uid()).stream().noneMatch(InstanceView::isLive))
                .toList();
    }

    /** Whether a watch event that was dropped hides the pod until the next list. */
    private boolean isHidden(Pod pod) {
        return world.fleet.alive().stream()
                .anyMatch(process -> world.watchdog
                        .knowledge()
                        .isBlindTo(process, Kind.PODS, pod.uid().value()));
    }

    private boolean isYoung(Pod pod) {
        return world.timeline.now().toEpochMilli() - 1000 * pod.createdSeconds() < YOUNG_MILLIS;
    }

    // O4

    /** A strict policy is deleted, the only one of its namespace. */
    void policyDeleted(String namespace) {
        policyDeletedAt.put(namespace, world.timeline.millis());
    }

    /** Something reaches a process. */
    void told(ControllerProcess process, Event event) {
        if (event instanceof Event.PolicySeen(Policy policy)) {
            heard(process, policy.key().namespace());
        } else if (event instanceof Event.PodSeen(Pod pod)) {
            heard(process, pod.uid().value());
        }
    }

    private void heard(ControllerProcess process, String of) {
        heardAt.putIfAbsent(process.name() + " " + of, world.timeline.millis());
    }

    private boolean hadHeard(ControllerProcess process, String of, long atMillis) {
        return heardAt.getOrDefault(process.name() + " " + of, Long.MAX_VALUE) < atMillis;
    }

    /** A process wants to bind a pod to a real node. Policy and pod come over different watches, and who knows one of them only is excused. */
    void bindsToRealNode(ControllerProcess process, Binding binding) {
        var namespace = binding.pod().namespace();
        var deleted = policyDeletedAt.get(namespace);
        long grace = world.settings.orphanGrace().toMillis();
        if (deleted != null
                && world.timeline.millis() - deleted < grace
                && hadHeard(process, namespace, deleted)
                && hadHeard(process, binding.uid().value(), deleted)) {
            throw new ViolationException(
                    "O4",
                    "Pod %s is bound to %s %d ms after the strict policy that held it was deleted."
                            .formatted(binding.pod(), binding.node(), world.timeline.millis() - deleted),
                    binding.uid().value());
        }
    }

    // O3, O5

    /** Looks twice a second, whenever called. */
    void sweep() {
        long now = world.timeline.millis();
        if (!judges || now - sweptAt < SWEEP_MILLIS) {
            return;
        }
        sweptAt = now;
        if (freedAt != null && now - freedAt > FREED_MILLIS) {
            if (!waiting(Contention.QUEUE).isEmpty()) {
                throw new ViolationException(
                        "O2",
                        "What was freed is not asked for, though pods wait for it.",
                        Contention.QUEUE_REGION.value());
            }
            freedAt = null;
        }
        cappedUnit(now);
        var urgent = waiting(Contention.URGENT);
        urgent.forEach(pod -> urgent(pod, urgent, now));
        var uids = urgent.stream().map(Pod::uid).toList();
        roomSince.keySet().removeIf(uid -> !uids.contains(uid));
        nobodyLeavesSince.keySet().removeIf(uid -> !uids.contains(uid));
    }

    /** The object of a pod is gone. */
    void left(Pod last) {
        if (last.node() != null) {
            nodeOfGone.put(last.uid().value(), last.node().value());
        }
    }

    /** Whether a watch event was dropped that told of a pod on the node, or of its end, so that the node may look full until the next list. */
    private boolean mayLookFull(String node) {
        return world.fleet.alive().stream()
                .flatMap(process -> world.watchdog.knowledge().missed(process, Kind.PODS).stream())
                .anyMatch(uid -> {
                    var pod = world.watchdog.pods().get(new PodUid(uid));
                    return pod == null ? node.equals(nodeOfGone.get(uid)) : RealNodes.isOn(pod, node);
                });
    }

    private int inCappedUnit() {
        return (int) world.watchdog.pods().all().stream()
                .filter(pod -> Contention.appOf(pod).equals(Contention.CAPPED)
                        && RealNodes.isOn(pod, Contention.CAPPED_NODE)
                        && !pod.phase().isTerminal())
                .count();
    }

    private void cappedUnit(long now) {
        boolean hasRoom = inCappedUnit() < Contention.CAP
                && world.realNodes.free(Contention.CAPPED_NODE) > 0
                && !mayLookFull(Contention.CAPPED_NODE);
        cappedRoomSince = hasRoom ? Math.min(cappedRoomSince, now) : Long.MAX_VALUE;
        if (cappedRoomSince < now - ROOM_MILLIS) {
            waiting(Contention.CAPPED).stream()
                    .filter(pod -> !isYoung(pod))
                    .findFirst()
                    .ifPresent(pod -> {
                        throw unused("Pod %s waits, though unit 1 has had room for a minute.", pod);
                    });
        }
    }

    /** A pod of the capped application was placed by its second unit; the slots of the first may be promised to its brothers that wait. */
    void spilled(Pod pod) {
        boolean hasRoom = inCappedUnit() + waiting(Contention.CAPPED).size() < Contention.CAP;
        if (judges && hasRoom && cappedRoomSince < world.timeline.millis() - ROOM_MILLIS) {
            throw unused("Pod %s was sent on to unit 2, though unit 1 has had room for a minute.", pod);
        }
    }

    private static ViolationException unused(String what, Pod pod) {
        return new ViolationException("O3", what.formatted(pod.key()), pod.uid().value());
    }

    private void urgent(Pod pod, List<Pod> all, long now) {
        var nominated = nominated(pod);
        // Once there is room on the node for which it waits, that is to be used, whoever else is there.
        boolean lacksRoom = !nominated.isEmpty() && !hasRoomFor(nominated, pod, all);
        if (lacksRoom && (world.realNodes.isBeingLeft(nominated) || mayLookFull(nominated))) {
            roomSince.remove(pod.uid());
            nobodyLeavesSince.remove(pod.uid());
            return; // it waits for its room, whatever else comes free (E50)
        }
        boolean isMakingRoom = lacksRoom && hasVictim(nominated); // somebody may have to be asked again to leave (O5)
        boolean room = !isMakingRoom && Contention.URGENT_NODES.stream().anyMatch(node -> hasRoomFor(node, pod, all));
        if (!room) {
            roomSince.remove(pod.uid());
        } else if (now - roomSince.computeIfAbsent(pod.uid(), u -> now) > NODE_ROOM_MILLIS) {
            throw unused("Pod %s waits, though one of its nodes has had room for 10 s.", pod);
        }
        if (!isMakingRoom) {
            nobodyLeavesSince.remove(pod.uid());
        } else if (now - nobodyLeavesSince.computeIfAbsent(pod.uid(), u -> now) > ROOM_MILLIS) {
            throw new ViolationException(
                    "O5",
                    "Pod %s waits for room on node %s, and nobody there has been told to leave for a minute."
                            .formatted(pod.key(), nominated),
                    pod.uid().value());
        }
    }

    private boolean hasVictim(String node) {
        return world.watchdog.pods().all().stream()
                .anyMatch(pod -> RealNodes.isOn(pod, node) && pod.spec().priority() == 0 && !pod.deleting());
    }

    /** Whether a node has more room than those take who were promised it before the pod, and everybody can know. */
    private boolean hasRoomFor(String node, Pod pod, List<Pod> all) {
        boolean isPromised = nominated(pod).equals(node);
        long promised = all.stream()
                .filter(other -> !other.uid().equals(pod.uid())
                        && nominated(other).equals(node)
                        && (!isPromised || standsBefore(other, pod)))
                .count();
        return world.realNodes.free(node) > promised && !mayLookFull(node);
    }

    private String nominated(Pod pod) {
        return world.cluster
                .get(ControlPlane.target(pod))
                .body()
                .path("status")
                .path("nominatedNodeName")
                .asText();
    }
}
