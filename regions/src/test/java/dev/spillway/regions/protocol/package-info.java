/** Tests of {@code dev.spillway.regions.protocol}. */
@NullMarked
package dev.spillway.regions.protocol;

import org.jspecify.annotations.NullMarked;
