package dev.spillway.core.step;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.UnitKey;
import org.jspecify.annotations.Nullable;

/**
 * The real node that a pod is being bound to.
 *
 * @param unit by which unit; null for a pod without a policy
 * @param labels to be written onto the pod with the binding
 * @param annotations likewise
 */
public record NodeTarget(NodeName node, @Nullable UnitKey unit, Labels labels, Labels annotations) {}
