/**
 * The whole system in one thread on virtual time: the engine that production runs, over the deterministic API server of module
 * embedded and the simulated regions of module regions, with faults. One seed gives one run. It must not know a clock, a thread
 * or a network, nor decide anything that the engine decides. Start at {@link dev.spillway.simulation.Simulation}.
 */
@NullMarked
package dev.spillway.simulation;

import org.jspecify.annotations.NullMarked;
