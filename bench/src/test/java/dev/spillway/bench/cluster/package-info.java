/** Tests of what a benchmark makes of an API server. */
@NullMarked
package dev.spillway.bench.cluster;

import org.jspecify.annotations.NullMarked;
