/**
 * The core's cluster port over the Kubernetes API.
 *
 * <p>Turns what the API server says into facts and effects into writes. Must not decide anything.
 */
@NullMarked
package dev.spillway.kube;

import org.jspecify.annotations.NullMarked;
