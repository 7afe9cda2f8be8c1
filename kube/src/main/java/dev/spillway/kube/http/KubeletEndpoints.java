package dev.spillway.kube.http;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.kube.translate.KubeletEndpoint;

/**
 * Where the kubelet's HTTP API of each virtual node is reached. Whoever reads figures by node (metrics-server, Prometheus) names no node in its requests:
 * the port alone says which one it means. Thread-safe.
 */
public interface KubeletEndpoints {
    /** Nothing is served. */
    KubeletEndpoints NONE = new KubeletEndpoints() {
        @Override
        public KubeletEndpoint of(VirtualNode node) {
            return KubeletEndpoint.NONE;
        }

        @Override
        public void removed(NodeName node) {}
    };

    /** That of a node which is about to be put: opened where it is not open yet, {@link KubeletEndpoint#NONE} where it cannot be. Blocks for no network. */
    KubeletEndpoint of(VirtualNode node);

    /** The node is gone, and what was open for it may be closed. */
    void removed(NodeName node);
}
