package dev.spillway.trials.scalein;

import dev.spillway.trials.outside.OutsideClient;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Keeps what watches tell of pods and ReplicaSets, to be judged at any time. Thread-safe. */
public final class ScaleInLog implements OutsideClient.Onlooker<HasMetadata> {
    private final InstantSource clock;
    private final List<Version> versions = new ArrayList<>(); // guarded by this
    private final List<String> blind = new ArrayList<>(); // guarded by this

    /** Empty yet; what comes is stamped with the clock's time. */
    public ScaleInLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void seen(HasMetadata object) {
        add(object, false);
    }

    @Override
    public void gone(HasMetadata object) {
        add(object, true);
    }

    @Override
    public synchronized void ended(String why) {
        blind.add("the order of scale-ins could not be watched to the end: " + why);
    }

    /** All scale-ins so far, in order. */
    public synchronized List<ScaleIn> scaleIns() {
        return ScaleIns.in(versions);
    }

    /** What must not be, a line each: breaks of the order that nothing explains, and that not all was seen. */
    public synchronized List<String> complaints() {
        var lines = new ArrayList<>(blind);
        scaleIns().forEach(scaleIn -> lines.addAll(scaleIn.unexplained()));
        return lines;
    }

    private synchronized void add(HasMetadata object, boolean isGone) {
        switch (object) {
            case Pod pod -> versions.add(PodVersion.of(pod, clock.instant(), isGone));
            case ReplicaSet set -> versions.add(ReplicaSetVersion.of(set, clock.instant(), isGone));
            default -> {} // neither can break the order
        }
    }
}
