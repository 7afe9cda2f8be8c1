/**
 * What tries Spillway and does not ship: the demonstration, the scenarios, the checks of scale-ins. It works on what {@code app} offers and
 * through the Kubernetes API; nothing that ships may know it. Start at {@link dev.spillway.trials.Trials}.
 */
@NullMarked
package dev.spillway.trials;

import org.jspecify.annotations.NullMarked;
