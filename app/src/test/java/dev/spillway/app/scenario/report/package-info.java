/** Tests of what is told of scenarios. */
@NullMarked
package dev.spillway.app.scenario.report;

import org.jspecify.annotations.NullMarked;
