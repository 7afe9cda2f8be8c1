package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pods of one ReplicaSet that left together.
 *
 * @param owner namespace and name of the ReplicaSet
 * @param at when the first was seen to leave
 * @param left those that were deleted, in order
 * @param breaks at most one for each of them, the least explained; in the same order
 */
public record ScaleIn(String owner, Instant at, By by, List<PodKey> left, List<Break> breaks) {
    /** Who chose the pods, as far as the owner's replicas tell. */
    public enum By {
        /** The owner, which had more pods than it wanted. */
        OWNER,
        /** Somebody else. */
        OTHERS
    }

    /** Copies the lists. */
    public ScaleIn {
        left = List.copyOf(left);
        breaks = List.copyOf(breaks);
    }

    /** A line for each break. */
    public List<String> lines() {
        return lines(breaks.stream());
    }

    /** A line for each break that nothing explains. */
    public List<String> unexplained() {
        return lines(breaks.stream().filter(found -> found.why() == Why.UNEXPLAINED));
    }

    /** One line about all of them: {@code 3 scale-ins, 9 pods left, 2 broke the order: 2 not ready}. */
    public static String summary(List<ScaleIn> all) {
        var counts = new EnumMap<Why, Integer>(Why.class);
        all.forEach(one -> one.breaks().forEach(found -> counts.merge(found.why(), 1, Integer::sum)));
        int broken = counts.values().stream().mapToInt(Integer::intValue).sum();
        String why = counts.entrySet().stream()
                .map(ScaleIn::counted)
                .collect(Collectors.joining(", ", counts.isEmpty() ? "" : ": ", ""));
        return "%d scale-ins, %d pods left, %d broke the order%s"
                .formatted(
                        all.size(),
                        all.stream().mapToInt(one -> one.left().size()).sum(),
                        broken,
                        why);
    }

    private static String counted(Map.Entry<Why, Integer> entry) {
        return "%d %s".formatted(entry.getValue(), entry.getKey().label());
    }

    private List<String> lines(Stream<Break> some) {
        return some.map(found -> "scale-in of %s: %s".formatted(owner, found)).toList();
    }
}
