package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodUid;
import dev.spillway.trials.scalein.PodVersion.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/*
 * Who left first, and was that right? Nothing in the API says who deleted a pod or what a controller knew, so both are concluded.
 *
 * Idea. All versions are replayed in the order of their numbers, which is that of the server, whatever the order in which several watches
 * told of them. While a ReplicaSet has more active pods than it wants, those that are deleted are its choice: one scale-in, from the
 * version that made them too many to the deletion that made them enough. Otherwise somebody else chose: a user, a preemption, an eviction.
 * Whoever is active when the scale-in is over has stayed. A ReplicaSet that is deleted ends; what then happens to its pods is not judged,
 * nor is a scale-in that the end of the ReplicaSet, or of the versions, cut short.
 *
 * A pod that left is compared with each that stayed, first as both were when the first pod left. Where the costs are in the wrong order
 * then, a rule before the cost may explain it; and where it does not, an earlier view of the two may, because the controller
 * goes by a cache that lags behind: back to LAG before the scale-in began, but not behind what the ReplicaSet's status shows to be known.
 *
 * Known weakness. A state that ended within LAG and that no status has counted yet is taken for an explanation, also where the controller
 * knew better. A pod that somebody deletes while its
 * ReplicaSet scales in counts as the ReplicaSet's choice.
 */
/** Finds the scale-ins in what watches told. Pure. Cost: versions × logarithm, and pods that left × pods that stayed for each scale-in. */
public final class ScaleIns {
    /** How far a controller's cache may be behind. Chosen: it is milliseconds, and a busy machine with two cores may need a second. */
    static final Duration LAG = Duration.ofSeconds(1);

    private final Histories histories = new Histories();
    private final Map<String, Owner> owners = new HashMap<>(); // by UID, looked up only
    private final List<ScaleIn> found = new ArrayList<>();

    private ScaleIns() {}

    /**
     * All scale-ins, in the order in which they ended, also those that broke nothing. Deletions by others are among them where they broke the
     * order.
     *
     * @param versions of pods and ReplicaSets, in any order
     */
    public static List<ScaleIn> in(Collection<? extends Version> versions) {
        var ordered = new ArrayList<Version>(versions);
        ordered.sort(Comparator.comparingLong(Version::number));
        var scaleIns = new ScaleIns();
        ordered.forEach(scaleIns::take);
        scaleIns.owners.values().stream()
                .sorted(Comparator.comparing(Owner::uid))
                .forEach(Owner::finish);
        return List.copyOf(scaleIns.found);
    }

    private void take(Version version) {
        switch (version) {
            case PodVersion pod -> take(pod);
            case ReplicaSetVersion set -> owner(set.uid()).wants(set);
        }
    }

    private void take(PodVersion pod) {
        PodUid uid = pod.uid();
        PodVersion before = histories.newest(uid);
        histories.add(pod);
        if (before != null && before.isActive()) {
            var owner = owner(before.owner().uid());
            if (pod.presence() == Presence.DELETED) {
                owner.deleted(before, pod);
            } else if (!pod.isActive() || !pod.owner().equals(before.owner())) {
                owner.lost(pod);
            }
        }
        if (pod.isActive()) {
            owner(pod.owner().uid()).has(pod);
        }
    }

    private Owner owner(String uid) {
        return owners.computeIfAbsent(uid, absent -> new Owner(absent, histories, found::add));
    }
}
