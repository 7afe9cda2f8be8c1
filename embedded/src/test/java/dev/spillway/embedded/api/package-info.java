/** Selectors and paths, alone. The recorded conversations use them on objects. */
@NullMarked
package dev.spillway.embedded.api;

import org.jspecify.annotations.NullMarked;
