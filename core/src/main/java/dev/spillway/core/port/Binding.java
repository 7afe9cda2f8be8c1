package dev.spillway.core.port;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;

/** The one request that gives a pod its node, labels and annotations (decision 0003). */
public record Binding(PodKey pod, PodUid uid, NodeName node, Labels labels, Labels annotations) {}
