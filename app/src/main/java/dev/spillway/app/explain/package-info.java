/**
 * Reads from the API server why a pod is where it is, or why it waits, and prints that. Must not decide or compute anything again: it
 * shows what the controller wrote at the time. Start at {@link dev.spillway.app.explain.ExplainCommand}.
 */
@NullMarked
package dev.spillway.app.explain;

import org.jspecify.annotations.NullMarked;
