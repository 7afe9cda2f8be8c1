/**
 * What is edited of a pod at home after its pod in the region was made, and how that pod follows. Start at {@link
 * dev.spillway.clusterregion.edits.Follower}.
 */
@NullMarked
package dev.spillway.clusterregion.edits;

import org.jspecify.annotations.NullMarked;
