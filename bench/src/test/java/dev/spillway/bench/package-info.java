/** Tests of how figures are made of measurements. */
@NullMarked
package dev.spillway.bench;

import org.jspecify.annotations.NullMarked;
