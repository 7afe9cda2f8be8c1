package dev.spillway.core.step;

import dev.spillway.core.port.ClusterWrite;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets writes about one object out one at a time, in the order in which they were wanted: of two under way at once either may land last, and
 * an older state would stay. What waits and is outdated by a later one never goes out. Nobody else sees to this, so whoever carries effects
 * out may send all that it is given (R24.3, decision 0017).
 */
final class WriteOrder {
    /** An entry as long as a write about the subject is under way. Only looked up, never iterated. */
    private final Map<ClusterWrite.Subject, Line> lines = new HashMap<>();

    private static final class Line {
        private ClusterWrite underWay;
        private final ArrayDeque<ClusterWrite> waiting = new ArrayDeque<>(0);

        Line(ClusterWrite first) {
            underWay = first;
        }
    }

    /** Whether a write may go out now; where not, it waits for {@link #answered}. */
    boolean admits(ClusterWrite write) {
        if (!write.isOrdered()) {
            return true;
        }
        var line = lines.get(write.subject());
        if (line == null) {
            lines.put(write.subject(), new Line(write));
            return true;
        }
        line.waiting.removeIf(earlier -> write instanceof ClusterWrite.Whole && earlier.getClass() == write.getClass());
        line.waiting.add(write);
        return false;
    }

    /** Takes the answer to a write, and returns the one that may go out after it; null where there is none. */
    @Nullable
    ClusterWrite answered(ClusterWrite write) {
        var line = write.isOrdered() ? lines.get(write.subject()) : null;
        if (line == null || !line.underWay.equals(write)) {
            return null;
        }
        var next = line.waiting.poll();
        if (next == null) {
            lines.remove(write.subject());
        } else {
            line.underWay = next;
        }
        return next;
    }
}
