/**
 * Simulated regions: what a cloud would be, in memory. {@link dev.spillway.regions.simulated.SimulatedRegions} is the pure
 * state machine, on the caller's time; it holds stock, instances and tokens and must not do I/O, look at a clock, start a
 * thread or draw unseeded random numbers. {@link dev.spillway.regions.simulated.SimulatedRegionsServer} puts it behind HTTP,
 * with wall time around it. Nothing on the cluster's side may depend on this package: a controller learns
 * stock from answers alone. Start at {@code SimulatedRegions.acquire}, then
 * {@link dev.spillway.regions.simulated.StockScript}.
 */
@NullMarked
package dev.spillway.regions.simulated;

import org.jspecify.annotations.NullMarked;
