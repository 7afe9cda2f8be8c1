package dev.spillway.core.policy;

import dev.spillway.core.model.Labels;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of a unit count towards its caps (R4.1, R4.4, R4.5).
 *
 * @param ignorePreviousPod whether pods scheduled before the policy was created do not count
 * @param ignoreTerminatingPod whether pods that are ending do not count
 * @param matchLabelKeys labels whose values tell groups apart; {@code max} holds for each group on its own
 */
public record CountRule(boolean ignorePreviousPod, boolean ignoreTerminatingPod, List<String> matchLabelKeys) {
    /** What an absent field means. */
    public static final CountRule DEFAULT = new CountRule(false, true, List.of());

    public CountRule {
        matchLabelKeys = List.copyOf(matchLabelKeys);
    }

    /** The first of the keys that the labels lack, null where none: such a pod belongs to no group and is not placed (R4.3). */
    public @Nullable String missingKey(Labels labels) {
        return matchLabelKeys.stream()
                .filter(key -> labels.get(key) == null)
                .findFirst()
                .orElse(null);
    }

    /** The group of a pod with these labels; one and the same for all where there are no keys. */
    public String group(Labels labels) {
        return matchLabelKeys.isEmpty()
                ? ""
                : matchLabelKeys.stream().map(key -> labels.getOr(key, "")).collect(Collectors.joining(","));
    }
}
