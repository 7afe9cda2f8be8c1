/**
 * The Kubernetes API as a deterministic store, for demo, tests and simulation.
 *
 * <p>Must not know the core or the adapters. Whatever it does differently from a real API server is a bug.
 */
@NullMarked
package dev.spillway.embedded;

import org.jspecify.annotations.NullMarked;
