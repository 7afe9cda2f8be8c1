/**
 * Pods of the home cluster as pods of the region's cluster, and back: what is kept, rewritten, dropped and refused, in
 * {@code docs/regions-kubernetes.md} as a table. Pure functions of JSON trees. Start at {@link dev.spillway.clusterregion.mapping.PodMapping}.
 */
@NullMarked
package dev.spillway.clusterregion.mapping;

import org.jspecify.annotations.NullMarked;
