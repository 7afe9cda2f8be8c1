/** Tests of {@link dev.spillway.trials.demo} without a cluster: what is kept of a watch, and how it is shown. */
@NullMarked
package dev.spillway.trials.demo;

import org.jspecify.annotations.NullMarked;
