/**
 * Regions as they are declared, and which of them are accepted. Start at {@link dev.spillway.core.region.RegionDirectory}.
 */
@NullMarked
package dev.spillway.core.region;

import org.jspecify.annotations.NullMarked;
