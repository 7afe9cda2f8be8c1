/**
 * The conformance kit of {@link dev.spillway.core.port.RegionBackend}: what every backend must do, as abstract tests that each
 * backend subclasses, and the faults that it must be able to inject. It must not know any backend. Start at
 * {@code RegionBackendConformance}.
 */
@NullMarked
package dev.spillway.regions.conformance;

import org.jspecify.annotations.NullMarked;
