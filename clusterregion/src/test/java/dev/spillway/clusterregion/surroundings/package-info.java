/** What pods need around them in the region, against API servers in memory. */
@NullMarked
package dev.spillway.clusterregion.surroundings;

import org.jspecify.annotations.NullMarked;
