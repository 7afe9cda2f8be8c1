/** Tests of what is told of scenarios. */
@NullMarked
package dev.spillway.trials.scenario.report;

import org.jspecify.annotations.NullMarked;
