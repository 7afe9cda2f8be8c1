/**
 * Behaviour as data: one file says what is given, what is done and what must hold, and one runner tries it on any cluster.
 *
 * <p>Everything goes through the Kubernetes API and, for what a cloud does by itself, through the simulated regions' own
 * API. Must look at nothing inside the controller and must never tell it to act: steps are what a user or a region could do.
 * Start at {@link dev.spillway.trials.scenario.ScenarioRunner}, then {@link dev.spillway.trials.scenario.Expectation}. The format
 * is described in {@code scenarios/README.md}. Files about the Kubernetes API alone are {@link dev.spillway.trials.scenario.api}.
 */
@NullMarked
package dev.spillway.trials.scenario;

import org.jspecify.annotations.NullMarked;
