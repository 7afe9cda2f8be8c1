package dev.spillway.core.fit;

import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.ResourceList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node with the pods that count on it: bound ones that have not ended, and those that are being bound. */
final class NodeState {
    private final LinkedHashMap<PodUid, Pod> pods = new LinkedHashMap<>();
    private @Nullable Node node; // null while only its pods have been seen
    private ResourceList requested = ResourceList.EMPTY;

    boolean isKnown() {
        return node != null;
    }

    Node node() {
        return Objects.requireNonNull(node, "a node that was never seen");
    }

    void node(@Nullable Node changed) {
        node = changed;
    }

    @Nullable
    String label(String key) {
        return node().labels().get(key);
    }

    Collection<Pod> pods() {
        return pods.values();
    }

    /** What its pods request together. */
    ResourceList requested() {
        return requested;
    }

    void add(Pod pod) {
        pods.put(pod.uid(), pod);
        requested = requested.plus(pod.spec().requestList());
    }

    /** Sums up anew: a saturated sum cannot be subtracted from. */
    void remove(PodUid uid) {
        if (pods.remove(uid) != null) {
            requested = ResourceList.EMPTY;
            pods.values().forEach(pod -> requested = requested.plus(pod.spec().requestList()));
        }
    }
}
