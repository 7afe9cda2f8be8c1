/**
 * Both ports, with their requests and answers: {@link dev.spillway.core.port.ClusterApi}, which is the API server, and {@link
 * dev.spillway.core.port.RegionBackend}, which is a region. Adapters implement them. What the answers to a binding mean, whoever asked for
 * it, is written in {@link dev.spillway.core.port.BindAttempt}; nothing else here decides.
 */
@NullMarked
package dev.spillway.core.port;

import org.jspecify.annotations.NullMarked;
