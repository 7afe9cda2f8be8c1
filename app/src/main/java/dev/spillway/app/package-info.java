/**
 * What ships: the process and the command line, wiring, configuration, health.
 *
 * <p>Wires by constructor, in one place. Must not decide anything the core could decide.
 */
@NullMarked
package dev.spillway.app;

import org.jspecify.annotations.NullMarked;
