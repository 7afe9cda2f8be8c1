/**
 * What an engine was told and what it answered, written down and run again. An engine is a function of its settings and of the events at their instants,
 * so both together with the effects are a recording that any process can compare with. {@code codec} knows the JSON of values, {@code format} the
 * file, {@code recorder} writes one, {@code replay} runs one. Must not decide anything, and must know no event and no effect by name.
 */
@NullMarked
package dev.spillway.recording;

import org.jspecify.annotations.NullMarked;
