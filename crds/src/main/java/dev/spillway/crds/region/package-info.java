/**
 * Region as operators write it: where instances can be bought, how it is reached, who may use it. Start at
 * {@link dev.spillway.crds.region.RegionSpec}; status fields for writers are listed at
 * {@link dev.spillway.crds.region.RegionStatus}.
 *
 * <p>What a simulated region has in stock is in {@link dev.spillway.crds.simulated} and read by the simulated regions'
 * server alone; whoever places pods learns stock from a region's answers.
 */
@NullMarked
package dev.spillway.crds.region;

import org.jspecify.annotations.NullMarked;
