package dev.spillway.kube.http;

import dev.spillway.core.model.InstanceKey;
import java.util.Optional;

/** What the backends know of the status of pods beyond what the core was told ({@link dev.spillway.core.port.PodStatus#source}). Thread-safe. */
@FunctionalInterface
public interface StatusSource {
    /** Nobody knows more. */
    StatusSource NONE = instance -> Optional.empty();

    /** The status as JSON, {@code PodStatus} of core/v1 in the terms of the home cluster; from memory, no I/O. Empty where nothing is known. */
    Optional<String> statusOf(InstanceKey instance);
}
