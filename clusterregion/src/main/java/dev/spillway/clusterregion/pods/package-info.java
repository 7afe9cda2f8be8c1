/**
 * What is known of our pods in the region: a memory, and who keeps it up to date. Start at {@link dev.spillway.clusterregion.pods.RegionPods}.
 */
@NullMarked
package dev.spillway.clusterregion.pods;

import org.jspecify.annotations.NullMarked;
