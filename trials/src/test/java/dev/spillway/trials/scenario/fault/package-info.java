/** Tests of the planted faults. */
@org.jspecify.annotations.NullMarked
package dev.spillway.trials.scenario.fault;
