package dev.spillway.regions.simulated.container;

import dev.spillway.core.model.PodKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A container that has started.
 *
 * @param startedAt wall time
 * @param finishedAt wall time, empty while it runs
 */
public record ContainerView(PodKey pod, String name, Instant startedAt, Optional<Instant> finishedAt) {}
