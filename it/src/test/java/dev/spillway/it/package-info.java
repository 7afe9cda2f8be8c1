/**
 * A real control plane, started by the tests, and the tests on it.
 *
 * <p>Looks at the world through the Kubernetes API only. Runs with {@code -Dreal}.
 */
@NullMarked
package dev.spillway.it;

import org.jspecify.annotations.NullMarked;
