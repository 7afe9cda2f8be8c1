/**
 * What spilling over costs on a real control plane: from a region's refusal to the binding in the next one, how often a sold-out region
 * is asked, and what is written about a pod until it is ready. Judges nothing: it prints figures beside their goals.
 *
 * <p>Start reading at {@link dev.spillway.bench.spill.SpillBenchmark}. Everything is taken at the edges (the audit log, the simulated
 * regions' record of calls, the controller's own meters), so that what is measured runs as it does in production.
 */
@NullMarked
package dev.spillway.bench.spill;

import org.jspecify.annotations.NullMarked;
