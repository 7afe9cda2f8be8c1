/**
 * A region reached over HTTP, as the port {@link dev.spillway.core.port.RegionBackend}. It translates and judges answers and
 * keeps deadlines; it decides nothing and knows nothing of stock. Start at
 * {@link dev.spillway.regions.client.HttpRegionBackend}.
 */
@NullMarked
package dev.spillway.regions.client;

import org.jspecify.annotations.NullMarked;
