/**
 * The whole system in one thread on virtual time, with faults, and the invariants checked after every step.
 *
 * <p>Drives the code that production runs and must not hold a second copy of any decision.
 */
@NullMarked
package dev.spillway.simulation;

import org.jspecify.annotations.NullMarked;
