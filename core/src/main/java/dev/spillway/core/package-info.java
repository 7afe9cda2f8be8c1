/**
 * Decides where a pod goes and who owns which instance.
 *
 * <p>One entry: events in, effects out, time as argument. Must not do I/O, read a clock, draw random numbers, start
 * threads or log; whoever runs it brings those.
 */
@NullMarked
package dev.spillway.core;

import org.jspecify.annotations.NullMarked;
