package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.trials.scalein.PodVersion.Owner;
import dev.spillway.trials.scalein.PodVersion.Presence;
import dev.spillway.trials.scalein.ReplicaSetVersion.Counted;
import dev.spillway.trials.scalein.Standing.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What watches told of one ReplicaSet and its pods, one version after the other; a minute passes before the first scale-in. */
final class Told {
    private static final Owner OWNER = new Owner("set-uid", "web-5d");

    private final List<Version> versions = new ArrayList<>();
    private final Map<String, Standing> standings = new TreeMap<>();
    private int replicas;
    private Counted counted = new Counted(0, 0);
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    /** A pod as good as can be. */
    static Standing ready(int cost) {
        return new Standing(true, Phase.RUNNING, true, cost, "");
    }

    static Standing notReady(int cost) {
        return new Standing(true, Phase.RUNNING, false, cost, "");
    }

    Told wants(int replicas) {
        this.replicas = replicas;
        return addOwner(false);
    }

    /** The controller writes the ReplicaSet's status. */
    Told counts(int pods, int ready) {
        counted = new Counted(pods, ready);
        return addOwner(false);
    }

    Told ownerEnds() {
        return addOwner(true);
    }

    Told pod(String name, Standing standing) {
        standings.put(name, standing);
        return add(name, Presence.ACTIVE);
    }

    Told deleted(String... names) {
        for (String name : names) {
            add(name, Presence.DELETED);
        }
        return this;
    }

    Told after(Duration span) {
        now = now.plus(span);
        return this;
    }

    Told afterAMinute() {
        return after(Duration.ofMinutes(1));
    }

    List<Version> versions() {
        return versions;
    }

    List<ScaleIn> scaleIns() {
        return ScaleIns.in(versions);
    }

    List<Break> breaks() {
        return scaleIns().stream().flatMap(one -> one.breaks().stream()).toList();
    }

    List<Why> reasons() {
        return breaks().stream().map(Break::why).toList();
    }

    private Told addOwner(boolean hasEnded) {
        versions.add(new ReplicaSetVersion(now, versions.size(), OWNER.uid(), replicas, counted, hasEnded));
        return this;
    }

    private Told add(String name, Presence presence) {
        versions.add(new PodVersion(
                now,
                versions.size(),
                new PodUid(name),
                new PodKey("default", name),
                OWNER,
                presence,
                standings.getOrDefault(name, ready(0))));
        return this;
    }
}
