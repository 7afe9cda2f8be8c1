/**
 * The demonstration: the two example applications on three simulated regions, placed, spilled, and scaled in, on any
 * cluster. It judges and shows what an outside client reads from the API, and must look at nothing inside the controller
 * that it starts. Start at {@link dev.spillway.app.demo.DemoCommand}, then {@link dev.spillway.app.demo.Story}.
 */
@NullMarked
package dev.spillway.app.demo;

import org.jspecify.annotations.NullMarked;
