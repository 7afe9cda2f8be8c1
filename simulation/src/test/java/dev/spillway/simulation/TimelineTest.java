package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private final Timeline timeline = new Timeline();
    private final ArrayList<String> done = new ArrayList<>();

    @Test
    void whatIsDueAtOneMomentHappensInTheOrderOfItsEntry() {
        timeline.at(5, () -> done.add("b"));
        timeline.at(3, () -> done.add("a"));
        timeline.at(5, () -> done.add("c"));

        while (timeline.step(10)) {
            assertThat(timeline.millis()).isLessThanOrEqualTo(5);
        }

        assertThat(done).containsExactly("a", "b", "c");
        assertThat(timeline.millis()).isEqualTo(10);
    }

    @Test
    void whatIsPastHappensNow() {
        timeline.step(10);
        timeline.at(3, () -> done.add("late"));

        assertThat(timeline.step(10)).isTrue();
        assertThat(done).containsExactly("late");
        assertThat(timeline.millis()).isEqualTo(10);
    }

    @Test
    void fractionOfAMillisecondIsNotTooEarly() {
        assertThat(Timeline.millisOf(Timeline.START.plusNanos(1))).isEqualTo(1);
        assertThat(Timeline.millisOf(Timeline.START.plusMillis(2))).isEqualTo(2);
    }
}
