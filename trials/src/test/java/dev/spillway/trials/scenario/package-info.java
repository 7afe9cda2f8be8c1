/** Tests of {@link dev.spillway.trials.scenario} without a cluster: the files, what can be expected, and its opposite. */
@NullMarked
package dev.spillway.trials.scenario;

import org.jspecify.annotations.NullMarked;
