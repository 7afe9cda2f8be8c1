package dev.spillway.core.reason;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod waits: a headline, and for each unit what it answered, in order of the units. Two explanations of the same
 * {@link #kind()} differ in times only.
 */
public record Explanation(List<UnitLine> lines) {
    /**
     * A unit's answer.
     *
     * @param position from 1; 0 where the pod has no policy
     * @param title what the unit is, for people
     */
    public record UnitLine(int position, String title, List<Reason> reasons) {
        public UnitLine {
            reasons = List.copyOf(reasons);
        }

        ExplanationText.Line told() {
            return new ExplanationText.Line(
                    position,
                    title,
                    reasons.stream()
                            .map(reason -> new ExplanationText.Answer(reason.code(), reason.text(), reason.nextTry()))
                            .distinct()
                            .toList());
        }

        String kind() {
            return position + reasons.stream().map(Reason::kind).distinct().collect(Collectors.joining(";"));
        }
    }

    public Explanation {
        lines = List.copyOf(lines);
    }

    /** An explanation of one reason that concerns no unit. */
    public static Explanation of(Reason reason) {
        return new Explanation(List.of(new UnitLine(0, "", List.of(reason))));
    }

    /** Whether an answer of a region is awaited, which decides. */
    public boolean isAsking() {
        return has(reason -> reason instanceof RegionReason.Asked);
    }

    /**
     * Whether it belongs into a condition of a pod that is bound: not what is over by itself soon, and not that no region can run the
     * pod, of which it gets one event (docs/explain.md).
     */
    public boolean isForBoundPod() {
        return !has(reason -> reason instanceof RegionReason.Asking
                || reason instanceof RegionReason.TakingOver
                || reason instanceof RegionReason.NotConnected
                || reason instanceof PodReason.CannotRun);
    }

    private boolean has(Predicate<Reason> which) {
        return lines.stream().anyMatch(line -> line.reasons().stream().anyMatch(which));
    }

    /** The earliest time at which something is tried again by itself, null where only a change helps. */
    public @Nullable Instant nextTry() {
        return next(reason -> true);
    }

    /** The earliest time at which this pod alone is to be tried again, null where there is none. */
    public @Nullable Instant nextOwnTry() {
        return next(Reason::isPodsOwn);
    }

    private @Nullable Instant next(Predicate<Reason> which) {
        Instant first = null;
        for (var line : lines) {
            for (var reason : line.reasons()) {
                var next = which.test(reason) ? reason.nextTry() : null;
                if (next != null && (first == null || next.isBefore(first))) {
                    first = next;
                }
            }
        }
        return first;
    }

    /** What the pod is told. */
    public ExplanationText told() {
        boolean units = !lines.isEmpty() && lines.getFirst().position() > 0;
        var next = nextTry();
        var headline = units
                ? "0/%d units can take the pod now%s"
                        .formatted(lines.size(), next == null ? "" : ", next try at " + Reason.second(next))
                : "";
        return new ExplanationText(headline, lines.stream().map(UnitLine::told).toList());
    }

    /** The whole explanation in one line, as the pod's condition carries it; {@link ExplanationText#parse} reads it back. */
    public String text() {
        return told().text();
    }

    /** The units' answers alone, in one line without a full stop: for a pod that was placed by a later unit. */
    public String unitsText() {
        return told().linesText();
    }

    /** What stays the same while only times pass. */
    public String kind() {
        return lines.stream().map(UnitLine::kind).collect(Collectors.joining("|"));
    }
}
