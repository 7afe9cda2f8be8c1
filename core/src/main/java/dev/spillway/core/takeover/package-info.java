/**
 * What a process does not know yet after its start, and what it finds in regions that it did not ask for. Start at {@link
 * dev.spillway.core.takeover.Takeover}.
 */
@NullMarked
package dev.spillway.core.takeover;

import org.jspecify.annotations.NullMarked;
