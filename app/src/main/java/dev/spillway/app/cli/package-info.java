/**
 * The command line: one class for each command, which reads its options, wires and prints. Must not do what a user of the Java types
 * would need too: that is in the packages beside. Start at {@link dev.spillway.app.Main}.
 */
@NullMarked
package dev.spillway.app.cli;

import org.jspecify.annotations.NullMarked;
