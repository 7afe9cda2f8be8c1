/** Tests of the simulation, and by it of the engine. Start at {@link dev.spillway.simulation.SimulationTest}. */
@NullMarked
package dev.spillway.simulation;

import org.jspecify.annotations.NullMarked;
