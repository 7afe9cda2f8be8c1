/**
 * What a simulated region plays: stock over time, delays, faults. Read by the simulated regions' server and by nobody
 * else: whoever places pods must learn stock from answers. Start at
 * {@link dev.spillway.crds.simulated.SimulatedBackend}.
 */
@NullMarked
package dev.spillway.crds.simulated;

import org.jspecify.annotations.NullMarked;
