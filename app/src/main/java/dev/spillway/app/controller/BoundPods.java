package dev.spillway.app.controller;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.Event;
import dev.spillway.kubelet.HomePods;
import dev.spillway.regions.running.RunningPods;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which pod of the home cluster runs as which instance, for whoever wants its logs: what the pods themselves say, as the feed brings it. The
 * records are the engine's own, so that a pod is not kept twice. Thread-safe.
 */
final class BoundPods implements HomePods {
    private final Function<RegionId, RunningPods> regions;
    private final Map<PodKey, Pod> podByKey = new ConcurrentHashMap<>();

    BoundPods(Function<RegionId, RunningPods> regions) {
        this.regions = regions;
    }

    /** A new session is told everything anew. */
    void clear() {
        podByKey.clear();
    }

    /** Takes in a fact; those of other kinds than pods are passed over. */
    void seen(Event fact) {
        switch (fact) {
            case Event.PodSeen(Pod pod) -> {
                if (pod.instance() != null && pod.node() != null) {
                    podByKey.put(pod.key(), pod);
                } else {
                    podByKey.remove(pod.key());
                }
            }
            case Event.PodGone gone ->
                podByKey.computeIfPresent(gone.pod(), (key, pod) -> pod.uid().equals(gone.uid()) ? null : pod);
            case Event.Fact _, Event.Answer _, Event.AcquireAnswered _, Event.TimePassed _ -> {}
        }
    }

    @Override
    public Optional<Running> find(PodKey key) {
        var pod = podByKey.get(key);
        if (pod == null) {
            return Optional.empty();
        }
        var instance = pod.instance();
        var node = pod.node();
        var region = pod.labels().get(Names.REGION);
        return instance == null || node == null || region == null
                ? Optional.empty()
                : Optional.of(
                        new Running(pod.uid(), node, new InstanceId(instance), regions.apply(new RegionId(region))));
    }
}
