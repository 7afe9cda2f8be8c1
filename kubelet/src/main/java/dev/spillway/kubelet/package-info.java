/**
 * The kubelet's HTTP API of the virtual nodes: logs, exec, attach, port-forward, and what monitoring scrapes.
 */
@NullMarked
package dev.spillway.kubelet;

import org.jspecify.annotations.NullMarked;
