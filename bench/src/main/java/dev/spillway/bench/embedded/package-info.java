/**
 * What the embedded cluster costs: its start in a fresh JVM, its memory with 5,000 pods and two hundred watches, and how long its
 * answers take at that size. Judges nothing: it prints figures beside their goals.
 *
 * <p>Start reading at {@link dev.spillway.bench.embedded.EmbeddedBenchmark}. The cluster always runs in a JVM of its own, with the options
 * of {@code ./spillway}, so that its memory is its own; clients are in the benchmark's.
 */
@NullMarked
package dev.spillway.bench.embedded;

import org.jspecify.annotations.NullMarked;
