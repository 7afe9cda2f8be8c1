/**
 * What the core knows of the Kubernetes cluster: slim records of pods and nodes, and the port {@link dev.spillway.core.cluster.ClusterApi}
 * through which wishes leave. Nothing here decides. Start at {@link dev.spillway.core.cluster.Pod}.
 */
@NullMarked
package dev.spillway.core.cluster;

import org.jspecify.annotations.NullMarked;
