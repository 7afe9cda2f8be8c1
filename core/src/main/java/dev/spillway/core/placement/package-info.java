/**
 * Where a pod may go: which rule speaks for it, and the walk over its units. Pure functions of what is known. Start at
 * {@link dev.spillway.core.placement.Walker}.
 */
@NullMarked
package dev.spillway.core.placement;

import org.jspecify.annotations.NullMarked;
