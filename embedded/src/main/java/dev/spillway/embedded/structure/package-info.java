/**
 * The structure of built-in types: which fields they have, of which Go types, and what the API server says of an object that does
 * not fit.
 *
 * <p>Knows nothing of values: whether a value of the right type is allowed is for {@code dev.spillway.embedded.rules} to say. Start
 * reading at {@link dev.spillway.embedded.structure.Structure}.
 */
@NullMarked
package dev.spillway.embedded.structure;

import org.jspecify.annotations.NullMarked;
