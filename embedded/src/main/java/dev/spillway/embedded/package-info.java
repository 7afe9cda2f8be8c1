/**
 * The Kubernetes API as a deterministic store, for demo, tests and simulation.
 *
 * <p>Must not know the core or the adapters. Which kinds are served, why, and what would add one stands in {@code
 * docs/embedded-cluster.md}; the list is closed (decision 0016). Whatever is done differently from a real API server within it is a bug.
 */
@NullMarked
package dev.spillway.embedded;

import org.jspecify.annotations.NullMarked;
