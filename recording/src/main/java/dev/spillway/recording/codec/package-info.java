/**
 * Values of the core as JSON and back, by their types alone: a record is an object with a field for each component, a choice of a
 * sealed type is an object whose one field names it. Must know no event, no effect and no other record by name, so that a new one
 * needs no line here. Start at {@link dev.spillway.recording.codec.Codec}.
 */
@NullMarked
package dev.spillway.recording.codec;

import org.jspecify.annotations.NullMarked;
