/**
 * One step of the engine and what its parts share: the event that came in, the effects that go out, what is known ({@link
 * dev.spillway.core.step.World}), who waits, and the agenda of what is to be looked at again. Decides nothing. Start at {@link
 * dev.spillway.core.step.Step}.
 */
@NullMarked
package dev.spillway.core.step;

import org.jspecify.annotations.NullMarked;
