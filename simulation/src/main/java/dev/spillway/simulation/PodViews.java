package dev.spillway.simulation;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.step.Event;
import dev.spillway.embedded.store.Watch;
import dev.spillway.embedded.store.WatchEvent;
import dev.spillway.kube.translate.Kind;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pods as they are, each change in order, without delay or loss: what only an omniscient observer sees. */
final class PodViews {
    /** Who looks at each change. */
    interface Observer {
        /** A pod is new ({@code before} is null) or changed; {@code reason} is that of its status. */
        void changed(@Nullable Pod before, Pod after, String reason);

        /** A pod object is gone. */
        void gone(Pod last);
    }

    private final World world;
    private final Watch watch;
    private final TreeMap<PodUid, Pod> pods = new TreeMap<>();

    PodViews(World world) {
        this.world = world;
        this.watch = world.cluster.watch(Kind.PODS, world.cluster.version());
    }

    /** The pod of a UID, null where there is none (any more). */
    @Nullable
    Pod get(PodUid uid) {
        return pods.get(uid);
    }

    Collection<Pod> all() {
        return pods.values();
    }

    /** Takes in what changed since the last call. */
    void refresh(Observer observer) {
        for (var event : watch.poll(world.timeline.now())) {
            var pod = pod(event);
            if (event.type() == WatchEvent.Type.DELETED) {
                pods.remove(pod.uid());
                observer.gone(pod);
            } else {
                var before = pods.put(pod.uid(), pod);
                observer.changed(
                        before,
                        pod,
                        event.object().path("status").path("reason").asText());
            }
        }
    }

    private Pod pod(WatchEvent event) {
        if (world.cluster.decoded(Kind.PODS, event.object()).seen() instanceof Event.PodSeen(Pod pod)) {
            return pod;
        }
        throw new IllegalStateException("A pod was decoded as something else.");
    }
}
