package dev.spillway.app.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.feed.ObjectListener;
import dev.spillway.kube.translate.Kind;
import dev.spillway.regions.running.RunningPods;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells each region which of its pods may have been edited at home. Of a pod one number is kept, so that what is most of a feed, our own writes
 * of statuses, ends here; and so that a region which is reached only later is told then. Thread-safe.
 */
final class HomeEdits implements ObjectListener {
    private final Function<RegionId, RunningPods> regions;
    private final Map<PodKey, Edited> editedByPod = new ConcurrentHashMap<>();

    HomeEdits(Function<RegionId, RunningPods> regions) {
        this.regions = regions;
    }

    private record Edited(RegionId region, InstanceId instance, long edits) {
        static @Nullable Edited of(Pod pod, long edits) {
            var instance = pod.instance();
            var region = pod.labels().get(Names.REGION);
            return instance == null || region == null || pod.node() == null || pod.deleting()
                    ? null
                    : new Edited(new RegionId(region), new InstanceId(instance), edits);
        }
    }

    @Override
    public void podSeen(Pod pod, long edits) {
        var now = Edited.of(pod, edits);
        if (now == null) {
            editedByPod.remove(pod.key());
        } else if (!now.equals(editedByPod.put(pod.key(), now))) {
            tell(now);
        }
    }

    /** The connection to a region is new: it knows nothing of what was told before. */
    void opened(RegionId region) {
        editedByPod.values().stream().filter(pod -> pod.region().equals(region)).forEach(this::tell);
    }

    private void tell(Edited pod) {
        regions.apply(pod.region()).edited(pod.instance(), pod.edits());
    }

    @Override
    public void seen(Kind kind, JsonNode object) {}

    @Override
    public void gone(Kind kind, String namespace, String name) {
        if (kind == Kind.PODS) {
            editedByPod.remove(new PodKey(namespace, name));
        }
    }
}
