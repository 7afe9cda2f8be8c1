package dev.spillway.core.outage;

import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves pods out of unreachable regions: deletes them where their owners make others, one in two seconds, those that go first before
 * those that go after (R29.4 to R29.6). It stops while so many regions are out that it is rather our own connection.
 */
final class Moves {
    /** Karmada evicts from a failed cluster at this rate, too. */
    static final Duration EVERY = Duration.ofSeconds(2);

    /** How long a pod is left alone whose deletion the API server refused; chosen. */
    private static final Duration REFUSED = Duration.ofMinutes(1);

    /** Of the condition DisruptionTarget. */
    static final String REASON = "RegionUnreachable";

    private static final Comparator<PodState> FIRST_FIRST = Comparator.comparing(Queues::placeOf);

    private final Step step;
    private final World world;
    private final Residents residents;
    private final Predicate<PodState> isWanted;
    private final Copies copies;

    /** Deletions sent, with how often they were without an answer. */
    private final TreeMap<PodUid, Integer> sent = new TreeMap<>();

    /** Those whose deletion the API server refused, until they are tried again. */
    private final TreeSet<PodUid> refused = new TreeSet<>();

    private final TreeSet<PodUid> toldOfRefusal = new TreeSet<>();
    private @Nullable Instant last;
    private boolean braked;

    /** {@code isWanted}: whether a pod still runs in a region that has been out for longer than its patience. */
    Moves(Step step, Residents residents, Predicate<PodState> isWanted) {
        this.step = step;
        this.world = step.world();
        this.residents = residents;
        this.isWanted = isWanted;
        this.copies = new Copies(world);
    }

    /** Whether the pod is one that is to be moved: it chose so, and its owner makes another one that may go elsewhere. */
    static boolean concerns(PodState state) {
        return OnOutage.of(state.pod) == OnOutage.MOVE && whyNobodyMakesAnother(state) == null;
    }

    /** Why a pod that is deleted would not be replaced elsewhere; null where it would be. */
    static @Nullable String whyNobodyMakesAnother(PodState state) {
        var owner = state.pod.owner();
        if (owner == null) {
            return "it has no controller that would make another one";
        }
        return owner.makesAnother() ? null : "%s would not make another one elsewhere".formatted(owner);
    }

    /**
     * Moves the next pod, where one may go now.
     *
     * @param due regions that have been out for longer than their patience, and since when they are
     * @param unreachable all regions that are out
     * @return whether anybody still waits to be moved
     */
    boolean next(SortedMap<RegionId, Instant> due, Set<RegionId> unreachable) {
        sent.keySet().removeIf(uid -> world.pod(uid) == null);
        var waiting = waiting(due.keySet());
        if (waiting.isEmpty()) {
            return !refused.isEmpty();
        }
        copies.count(unreachable);
        boolean isTooEarly = last != null && step.now().isBefore(last.plus(EVERY));
        if (isTooEarly || isBraked(due.firstKey(), unreachable)) {
            return true;
        }
        for (var state : waiting) {
            var owner = ownerOf(state);
            if (copies.areReplaced(owner)) {
                var region = Objects.requireNonNull(world.regionOf(Objects.requireNonNull(state.pod.node())));
                move(state, owner, region, Objects.requireNonNull(due.get(region)));
                break;
            }
        }
        return true;
    }

    private static Owner ownerOf(PodState state) {
        return Objects.requireNonNull(state.pod.owner());
    }

    private List<PodState> waiting(Set<RegionId> due) {
        var waiting = new ArrayList<PodState>();
        for (var region : due) {
            for (var state : residents.of(region)) {
                if (concerns(state) && !sent.containsKey(state.pod.uid())) {
                    waiting.add(state);
                }
            }
        }
        waiting.sort(FIRST_FIRST);
        return waiting;
    }

    /** Whether more than half of the regions with running pods are out, of at least two: then it is rather us. */
    private boolean isBraked(RegionId shown, Set<RegionId> unreachable) {
        int regions = 0;
        int out = 0;
        for (var entry : world.regions.all()) {
            var id = entry.region().id();
            if (entry.isAccepted() && !entry.region().lost() && residents.anyIn(id)) {
                regions++;
                out += unreachable.contains(id) ? 1 : 0;
            }
        }
        boolean brakes = regions > 1 && 2 * out > regions;
        if (brakes != braked) {
            braked = brakes;
            say(
                    shown,
                    brakes
                            ? new Announcement(
                                    true,
                                    "MovesHeld",
                                    "%d of %d regions with running pods cannot be reached, which is rather a fault on this side: no pod is moved until fewer are"
                                            .formatted(out, regions))
                            : new Announcement(
                                    false,
                                    "MovesGoOn",
                                    "%d of %d regions with running pods cannot be reached: pods are moved again"
                                            .formatted(out, regions)));
        }
        return brakes;
    }

    private void say(RegionId region, Announcement announcement) {
        world.nodesOf(region).stream()
                .findFirst()
                .ifPresent(node -> step.write(new ClusterWrite.AnnounceNode(node, region, announcement)));
    }

    private void move(PodState state, Owner owner, RegionId region, Instant since) {
        var pod = state.pod;
        last = step.now();
        copies.moved(owner);
        sent.put(pod.uid(), 0);
        var why =
                "Region %s has not answered since %s, and the pod's annotation spillway.dev/on-region-outage says Move"
                        .formatted(region, Reason.second(since));
        say(
                state,
                false,
                "Moved",
                "%s: %s makes another one. This one stays Terminating until the region confirms its end"
                        .formatted(why, owner));
        step.write(new ClusterWrite.GiveUp(pod.key(), pod.uid(), REASON, why));
    }

    private void say(PodState state, boolean warning, String reason, String text) {
        step.write(
                new ClusterWrite.Announce(state.pod.key(), state.pod.uid(), new Announcement(warning, reason, text)));
    }

    /** A deletion was answered. */
    void written(ClusterWrite.GiveUp write, WriteAnswer answer) {
        var tries = sent.get(write.uid());
        var state = world.pod(write.uid());
        if (tries == null || state == null || !write.reason().equals(REASON)) {
            return;
        }
        switch (answer) {
            case WriteAnswer.Done done -> {}
            case WriteAnswer.Gone gone -> {}
            case WriteAnswer.Conflict conflict -> {} // the name is another pod's by now
            case WriteAnswer.Refused(int code, String message) -> refused(state, code + " " + message);
            case WriteAnswer.Unknown unknown -> {
                sent.put(write.uid(), tries + 1);
                step.after(Step.pause(tries), () -> again(write));
            }
        }
    }

    private void again(ClusterWrite.GiveUp write) {
        var state = world.pod(write.uid());
        if (state != null && !state.pod.deleting() && isWanted.test(state)) {
            step.write(write);
        } else {
            sent.remove(write.uid()); // its region is back, or it has gone another way
        }
    }

    private void refused(PodState state, String why) {
        var uid = state.pod.uid();
        copies.notMoved(ownerOf(state));
        if (toldOfRefusal.add(uid)) {
            say(
                    state,
                    true,
                    "NotMoved",
                    "The API server refuses to delete the pod (" + why + "); tried again each minute");
        }
        refused.add(uid);
        step.after(REFUSED, () -> {
            refused.remove(uid);
            sent.remove(uid);
        });
    }
}
