package dev.spillway.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a newcomer runs, with nothing but a JDK: every worked example, and the demonstration, on the embedded cluster. */
@Timeout(600)
final class EmbeddedRunTest {

    private static String run(int code, String... args) {
        var out = new StringWriter();
        int ended = Trials.run(new PrintWriter(out, true), new PrintWriter(out, true), args);
        assertThat(ended).as(out.toString()).isEqualTo(code);
        return out.toString();
    }

    @Test
    void everyExampleHolds() {
        assertThat(run(0, "scenario", "../scenarios")).endsWith(", 0 failed\n").contains("E01", "E57");
    }

    @Test
    void everyInvertedExpectationOfAnExampleIsNoticed() {
        assertThat(run(0, "scenario", "../scenarios", "--mutate", "--filter", "E09"))
                .endsWith(", 0 failed\n");
    }

    @Test
    void ofTheFaultsThatAFileNamesOneIsTriedAlone() {
        assertThat(run(0, "scenario", "../scenarios", "--filter", "E56", "--catches", "--fault", "reclaim-not-told"))
                .contains("E56 best-effort reclaim", "catches reclaim-not-told")
                .endsWith("1 passed, 0 failed\n");
    }

    @Test
    void theDemoShowsWhatItPromises() {
        assertThat(run(0, "demo", "--once"))
                .contains("2 spill over to cn-shanghai", "the pods in cn-shanghai leave first")
                .endsWith("8 passed, 0 failed\n");
    }
}
