/** Pods into the region and back, by files and tables. */
@NullMarked
package dev.spillway.clusterregion.mapping;

import org.jspecify.annotations.NullMarked;
