/**
 * The Kubernetes API's own behaviour as data: one file is a few requests and what must be answered, required of a real control plane
 * and of the embedded one alike. Nothing of Spillway takes part but its custom resource definitions.
 *
 * <p>Must look at nothing but answers and watch events. Start at {@link dev.spillway.trials.scenario.api.ApiRunner}, then {@link
 * dev.spillway.trials.scenario.api.Check}. The format is described in {@code scenarios/README.md}.
 */
@NullMarked
package dev.spillway.trials.scenario.api;

import org.jspecify.annotations.NullMarked;
