package dev.spillway.core.cluster;

/** The one request that gives a pod its node, labels and annotations (decision 0003). */
public record Binding(PodKey pod, PodUid uid, NodeName node, Labels labels, Labels annotations) {}
