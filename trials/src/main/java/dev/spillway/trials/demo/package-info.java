/**
 * The demonstration: the two example applications on three simulated regions, placed, spilled, and scaled in, on any
 * cluster. It judges and shows what an outside client reads from the API, and must look at nothing inside the controller
 * that it starts. Start at {@link dev.spillway.trials.demo.DemoCommand}, then {@link dev.spillway.trials.demo.Story}.
 */
@NullMarked
package dev.spillway.trials.demo;

import org.jspecify.annotations.NullMarked;
