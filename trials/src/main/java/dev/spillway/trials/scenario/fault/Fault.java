package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import java.util.function.Supplier;

/**
 * A mistake that can be switched on.
 *
 * @param name as scenario files and the table write it
 * @param says what goes wrong, in words
 * @param plant makes it for one controller
 */
public record Fault(String name, String says, Supplier<Seams> plant) {}
