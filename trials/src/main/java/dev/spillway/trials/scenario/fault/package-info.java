/**
 * Planted faults: mistakes of the core and of its adapters, each of which some scenario must notice. They stand at the seams between
 * an engine and the world and nowhere else, so that no line of what they disturb knows of them, and they outlive any change of what
 * is behind the seams. Never used but by {@code spillway scenario --faults} and {@code --catches}. Start at {@link
 * dev.spillway.trials.scenario.fault.Faults}.
 */
@NullMarked
package dev.spillway.trials.scenario.fault;

import org.jspecify.annotations.NullMarked;
