/**
 * Simulated regions hosted by a process of ours, fed from a cluster's Region objects. The controller must not depend on this package:
 * it reaches the regions over HTTP like any cloud. Start at {@link dev.spillway.app.simulated.SimulatedRegionsHost}.
 */
@NullMarked
package dev.spillway.app.simulated;

import org.jspecify.annotations.NullMarked;
