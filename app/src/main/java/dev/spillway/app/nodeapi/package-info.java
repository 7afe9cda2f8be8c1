/**
 * The kubelet's HTTP API in the controller's process: where it is reached, whom it believes. Start at {@link
 * dev.spillway.app.nodeapi.NodeApi}.
 */
@NullMarked
package dev.spillway.app.nodeapi;

import org.jspecify.annotations.NullMarked;
