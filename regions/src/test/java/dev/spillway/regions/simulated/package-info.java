/** Tests of {@code dev.spillway.regions.simulated}. */
@NullMarked
package dev.spillway.regions.simulated;

import org.jspecify.annotations.NullMarked;
