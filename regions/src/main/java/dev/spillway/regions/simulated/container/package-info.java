/**
 * What a simulated container says and does: a log of a line each second, and a shell of its own. Nothing here starts a process or touches
 * the machine; everything follows from when the container started. Start at {@link dev.spillway.regions.simulated.container.LogText}.
 */
@NullMarked
package dev.spillway.regions.simulated.container;

import org.jspecify.annotations.NullMarked;
