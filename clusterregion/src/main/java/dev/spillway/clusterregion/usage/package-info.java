/** What pods of the region use, as the region's metrics-server reports it. Start at {@link dev.spillway.clusterregion.usage.RegionUsage}. */
@NullMarked
package dev.spillway.clusterregion.usage;

import org.jspecify.annotations.NullMarked;
