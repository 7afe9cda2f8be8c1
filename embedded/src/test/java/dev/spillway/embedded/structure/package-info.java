/** Tests of the decoder of built-in types, and the recorder of their Go types. */
@NullMarked
package dev.spillway.embedded.structure;

import org.jspecify.annotations.NullMarked;
