/**
 * A tiny shell of our own, for simulated containers: a few commands that say something and touch nothing. No process is started, no file is
 * opened. Start at {@link dev.spillway.regions.simulated.shell.Shell}.
 */
@NullMarked
package dev.spillway.regions.simulated.shell;

import org.jspecify.annotations.NullMarked;
