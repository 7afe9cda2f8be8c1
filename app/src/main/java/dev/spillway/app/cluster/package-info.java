/**
 * The few things asked of an API server outside the hot path, by every command: who it is, whether it knows our kinds, manifests
 * applied. Failures are one line for the user. It must not know what a controller is. Start at {@link
 * dev.spillway.app.cluster.Cluster}.
 */
@NullMarked
package dev.spillway.app.cluster;

import org.jspecify.annotations.NullMarked;
