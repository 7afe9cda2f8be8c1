/** Tests of {@link dev.spillway.trials.scenario.api}: the files on an embedded cluster, the format, and single expectations. */
@NullMarked
package dev.spillway.trials.scenario.api;

import org.jspecify.annotations.NullMarked;
