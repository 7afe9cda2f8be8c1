package dev.spillway.core.profile;

import dev.spillway.core.model.Labels;

/** Labels and annotations that a pod gets besides its own. */
public record Additions(Labels labels, Labels annotations) {
    /** Nothing. */
    public static final Additions NONE = new Additions(Labels.empty(), Labels.empty());

    /** These, and those of the other whose keys are not here: the first to name a key wins it. */
    Additions orElse(Additions later) {
        return new Additions(later.labels.with(labels), later.annotations.with(annotations));
    }

    /** These without the keys that the given labels and annotations have, whatever their values. */
    Additions absentFrom(Labels presentLabels, Labels presentAnnotations) {
        return new Additions(absent(labels, presentLabels), absent(annotations, presentAnnotations));
    }

    private static Labels absent(Labels added, Labels present) {
        if (added.isEmpty()) {
            return added; // most clusters have no profile, and each walk asks
        }
        var map = added.toMap();
        map.keySet().removeIf(key -> present.get(key) != null);
        return map.size() == added.size() ? added : Labels.of(map);
    }
}
