/**
 * Exec and attach as the API server speaks them with a kubelet over a WebSocket: {@code v4.channel.k8s.io} and {@code v5.channel.k8s.io}. Start at
 * {@link dev.spillway.regions.simulated.exec.ExecSession}.
 */
@NullMarked
package dev.spillway.regions.simulated.exec;

import org.jspecify.annotations.NullMarked;
