package dev.spillway.core.profile;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code selectors}: which pods, and what they get (docs/eci-profile.md).
 *
 * @param namespaces what the labels of the pod's namespace must satisfy, null = nothing
 * @param objects what the pod's own labels must satisfy, null = nothing
 */
public record Selector(
        String name,
        @Nullable LabelSelector namespaces,
        @Nullable LabelSelector objects,
        Additions effect) {

    /** Whether a pod with these labels in a namespace with those is meant. */
    boolean selects(Labels podLabels, Labels namespaceLabels) {
        return (namespaces == null || namespaces.selects(namespaceLabels))
                && (objects == null || objects.selects(podLabels));
    }
}
