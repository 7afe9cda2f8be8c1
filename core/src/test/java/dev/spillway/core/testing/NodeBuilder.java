package dev.spillway.core.testing;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Taint;
import java.util.List;
import java.util.Map;

/** Nodes. Without further words: a real, ready one, labelled with its host name, with room for one pod of {@link PodBuilder}. */
public final class NodeBuilder extends Builder<NodeBuilder, Node> {
    private final String name;
    private Labels labels;
    private List<Taint> taints = List.of();
    private boolean unschedulable;
    private ResourceList allocatable = room(1);

    private NodeBuilder(String name) {
        this.name = name;
        this.labels = Labels.of(Names.HOSTNAME, name);
    }

    /** A node of this name. */
    public static NodeBuilder aNode(String name) {
        return new NodeBuilder(name);
    }

    /** With these labels too. */
    public NodeBuilder label(String... keysAndValues) {
        return labels(labels.with(Labels.of(keysAndValues)));
    }

    /** With these labels and no others. */
    public NodeBuilder labels(Labels value) {
        return with(b -> b.labels = value);
    }

    /** Of this pool, which is what units of {@link UnitBuilder#ecs} select. */
    public NodeBuilder pool(String pool) {
        return label("pool", pool);
    }

    /** In this zone. */
    public NodeBuilder zone(String zone) {
        return label(Names.ZONE, zone);
    }

    /** With these taints. */
    public NodeBuilder taints(Taint... value) {
        return with(b -> b.taints = List.of(value));
    }

    /** Not ready, as its taint says. */
    public NodeBuilder notReady() {
        return taints(new Taint("node.kubernetes.io/not-ready", "", "NoSchedule"));
    }

    /** Cordoned. */
    public NodeBuilder unschedulable() {
        return with(b -> b.unschedulable = true);
    }

    /** With room for so many pods as {@link PodBuilder} makes. */
    public NodeBuilder roomFor(int pods) {
        return with(b -> b.allocatable = room(pods));
    }

    /** Offers this. */
    public NodeBuilder allocatable(Map<String, Long> amounts) {
        return with(b -> b.allocatable = ResourceList.of(amounts));
    }

    private static ResourceList room(int pods) {
        return ResourceList.of(
                Map.of("cpu", 1000L * pods, "memory", (long) pods << 30, "nvidia.com/gpu", (long) pods, "pods", 110L));
    }

    @Override
    public Node build() {
        return new Node(new NodeName(name), labels, taints, unschedulable, allocatable);
    }
}
