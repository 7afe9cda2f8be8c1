package dev.spillway.recording.replay;

import dev.spillway.core.step.Effect;
import dev.spillway.recording.format.Header;
import dev.spillway.recording.format.Line;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of running a recording again. */
public sealed interface Verdict {
    /**
     * The engine did all that was recorded.
     *
     * @param events how many it was told
     * @param failure where it threw as it had done then; null where it did not
     * @param brokenOff whether the file ends in the middle of something
     */
    record Equal(Header header, long events, Line.@Nullable Failure failure, boolean brokenOff) implements Verdict {}

    /**
     * The engine did something else.
     *
     * @param recorded the first event at which it did, and what was recorded of it
     * @param lineNumber of that line in the file
     * @param actual what it asked for now
     * @param thrown what it threw now; null where it did not
     * @param history earlier events that concern the same pods, regions and policies, in order
     */
    record Differs(
            Header header,
            Line.Turn recorded,
            long lineNumber,
            List<Effect> actual,
            @Nullable Throwable thrown,
            List<Line.Turn> history)
            implements Verdict {
        public Differs {
            actual = List.copyOf(actual);
            history = List.copyOf(history);
        }

        /** What it asked for then. */
        List<Effect> expected() {
            return recorded instanceof Line.Step step ? step.effects() : List.of();
        }
    }

    /**
     * The recording does not begin with its engine's start.
     *
     * @param last its last events, the very last one at the end
     */
    record Headless(Header header, Line.Gap gap, List<Line.Turn> last) implements Verdict {
        public Headless {
            last = List.copyOf(last);
        }
    }
}
