/**
 * Kubernetes' own tests, once directly on a region's cluster and once through a home cluster that sends every pod there. What
 * passes directly has to pass through the home cluster.
 *
 * <p>Start reading at {@link dev.spillway.it.conformance.ConformanceCommand}. Spillway is a command here, run as a process.
 */
@NullMarked
package dev.spillway.it.conformance;

import org.jspecify.annotations.NullMarked;
