package dev.spillway.core.fit;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ResourceList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node with the pods that count on it: bound ones that have not ended, and those that are being bound. */
final class NodeState {
    private final LinkedHashMap<PodUid, Pod> pods = new LinkedHashMap<>();
    private @Nullable Node node; // null while only its pods have been seen
    private boolean virtual;
    private ResourceList requested = ResourceList.EMPTY;

    boolean isKnown() {
        return node != null;
    }

    Node node() {
        return Objects.requireNonNull(node, "a node that was never seen");
    }

    void node(@Nullable Node changed) {
        node = changed;
        virtual = changed != null && changed.isVirtual();
    }

    /** Whether it stands for a zone of a region; asked so often that it is kept. */
    boolean isVirtual() {
        return virtual;
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

    /** A newer record of a pod that is here, of the same demands. */
    void renew(Pod pod) {
        pods.replace(pod.uid(), pod);
    }

    void remove(PodUid uid) {
        var pod = pods.remove(uid);
        if (pod == null) {
            return;
        }
        if (requested.isSaturated()) { // nothing can be subtracted from that
            requested = ResourceList.EMPTY;
            pods.values()
                    .forEach(other -> requested = requested.plus(other.spec().requestList()));
        } else {
            requested = requested.minus(pod.spec().requestList()); // a virtual node has thousands
        }
    }
}
