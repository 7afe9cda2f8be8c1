package dev.spillway.core.fit;

import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.ResourceList;
import java.util.Collection;
import java.util.LinkedHashMap;

/** A node with the pods that count on it: bound ones that have not ended, and those that are being bound. */
final class NodeState {
    private final LinkedHashMap<PodUid, Pod> pods = new LinkedHashMap<>();
    private Node node;
    private ResourceList requested = ResourceList.EMPTY;

    NodeState(Node node) {
        this.node = node;
    }

    Node node() {
        return node;
    }

    void node(Node changed) {
        node = changed;
    }

    Collection<Pod> pods() {
        return pods.values();
    }

    /** What its pods request together. */
    ResourceList requested() {
        return requested;
    }

    void add(Pod pod) {
        remove(pod.uid());
        pods.put(pod.uid(), pod);
        requested = requested.plus(pod.spec().requestList());
    }

    void remove(PodUid uid) {
        var pod = pods.remove(uid);
        if (pod != null) {
            requested = requested.minus(pod.spec().requestList());
        }
    }

    /** The same node without one of its pods; what is asked of the copy does not change the original. */
    NodeState without(Collection<PodUid> leaving) {
        var copy = new NodeState(node);
        for (var pod : pods.values()) {
            if (!leaving.contains(pod.uid())) {
                copy.add(pod);
            }
        }
        return copy;
    }
}
