/** Tests of the parts of benchmarks with other clusters as regions. */
@NullMarked
package dev.spillway.bench.region;

import org.jspecify.annotations.NullMarked;
