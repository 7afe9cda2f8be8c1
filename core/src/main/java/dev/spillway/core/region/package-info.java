/**
 * What the core knows of regions: zones, offers, instances, and the port {@link dev.spillway.core.region.RegionBackend} through which
 * capacity is bought. Nothing here decides. Start at {@link dev.spillway.core.region.RegionBackend}.
 */
@NullMarked
package dev.spillway.core.region;

import org.jspecify.annotations.NullMarked;
