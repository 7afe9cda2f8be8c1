/**
 * What is told of scenarios, whatever they are about: a line each, what was expected and seen where one failed, and the sum. It must
 * not know what was expected, only whether it was noticed. Start at {@link dev.spillway.trials.scenario.report.Report}.
 */
@NullMarked
package dev.spillway.trials.scenario.report;

import org.jspecify.annotations.NullMarked;
