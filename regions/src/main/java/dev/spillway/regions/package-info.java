/**
 * Regions as backends of the core's port.
 *
 * <p>Holds the simulated regions, which are a server of their own as a cloud would be. Must not know Kubernetes.
 */
@NullMarked
package dev.spillway.regions;

import org.jspecify.annotations.NullMarked;
