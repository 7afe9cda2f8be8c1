/**
 * Benchmarks that print the figures the project promises.
 *
 * <p>Must not be depended on.
 */
@NullMarked
package dev.spillway.bench;

import org.jspecify.annotations.NullMarked;
