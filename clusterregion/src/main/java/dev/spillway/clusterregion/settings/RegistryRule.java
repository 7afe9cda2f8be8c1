package dev.spillway.clusterregion.settings;

import java.util.Optional;

/**
 * Where images of one registry, or of a part of it, are pulled from in the region. Immutable.
 *
 * @param from start of an image's name as users write it, such as {@code docker.io/library/}; not empty
 * @param to what stands there instead, such as {@code mirror.region-b.example/hub/}
 */
public record RegistryRule(String from, String to) {
    public RegistryRule {
        if (from.isEmpty()) {
            throw new IllegalArgumentException("A registry rule needs the start of a name to apply to.");
        }
    }

    /** The image's name in the region, empty where the rule does not concern it. */
    public Optional<String> apply(String image) {
        return image.startsWith(from) ? Optional.of(to + image.substring(from.length())) : Optional.empty();
    }
}
