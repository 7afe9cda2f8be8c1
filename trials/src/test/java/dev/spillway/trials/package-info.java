/** Tests of the whole program as whoever has the tree runs it. Start at {@code EmbeddedRunTest}. */
@NullMarked
package dev.spillway.trials;

import org.jspecify.annotations.NullMarked;
