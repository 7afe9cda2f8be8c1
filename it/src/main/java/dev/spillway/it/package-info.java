/**
 * A real Kubernetes control plane for tests, benchmarks and a person at a terminal, real nodes for it, and (in the test
 * sources) the tests on them.
 *
 * <p>Start reading at {@link dev.spillway.it.ControlPlane}; {@link dev.spillway.it.RealNode} joins one. Everything here uses the JDK alone, so that {@code
 * it/controlplane/cluster.sh} runs it straight from the sources. Must not know Spillway: what is started here is
 * Kubernetes and nothing else.
 */
@NullMarked
package dev.spillway.it;

import org.jspecify.annotations.NullMarked;
