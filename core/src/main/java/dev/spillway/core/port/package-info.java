/**
 * Both ports, with their requests and answers: {@link dev.spillway.core.port.ClusterApi}, which is the API server, and {@link
 * dev.spillway.core.port.RegionBackend}, which is a region. Adapters implement them; nothing here decides.
 */
@NullMarked
package dev.spillway.core.port;

import org.jspecify.annotations.NullMarked;
