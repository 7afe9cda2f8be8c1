/**
 * How a pod gets onto a real node: its binding, its volumes, and pods of lower priority that have to leave. Start at {@link
 * dev.spillway.core.nodebind.NodeBinder}.
 */
@NullMarked
package dev.spillway.core.nodebind;

import org.jspecify.annotations.NullMarked;
