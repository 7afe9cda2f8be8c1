/** Tests of what the spill benchmark makes of what it saw. */
@NullMarked
package dev.spillway.bench.spill;

import org.jspecify.annotations.NullMarked;
