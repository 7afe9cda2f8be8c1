/**
 * The core's one entry, {@link dev.spillway.core.engine.Engine}: events in, effects out. It must not do I/O, look at a clock or draw
 * random numbers: the instant comes with each event. Start at {@code Engine.on}.
 */
@NullMarked
package dev.spillway.core.engine;

import org.jspecify.annotations.NullMarked;
