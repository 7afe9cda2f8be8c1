/**
 * The server's end of a WebSocket (RFC 6455): its handshake, its frames. Start at {@link dev.spillway.regions.simulated.websocket.WebSocket}.
 */
@NullMarked
package dev.spillway.regions.simulated.websocket;

import org.jspecify.annotations.NullMarked;
