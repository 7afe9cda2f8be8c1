package dev.spillway.trials.scenario.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.trials.scenario.report.Outcome.Failed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Duration TOOK = Duration.ofSeconds(2);

    private final StringWriter out = new StringWriter();
    private final Report report = new Report(new PrintWriter(out), Report.Mode.SCENARIOS);

    private static Outcome failed(String why, Failed.Kind kind) {
        return new Failed(TOOK, why, List.of(), kind);
    }

    @Test
    void onlyABrokenExpectationCatchesAFault() {
        report.tried("E01", "max-ignored", failed("count is 6", Failed.Kind.BROKEN));

        assertThat(report.sum()).isTrue();
        assertThat(out.toString()).contains("catches max-ignored", "count is 6").endsWith("1 passed, 0 failed\n");
    }

    @Test
    void whoHoldsUnderAFaultDoesNotCatchItAlsoWhereSomethingOfItStays() {
        report.tried("E01", "max-ignored", new Outcome.Passed(TOOK, List.of()));
        report.tried("E02", "max-ignored", failed("still there: node a", Failed.Kind.LEFT_BEHIND));

        assertThat(report.sum()).isFalse();
        assertThat(out.toString())
                .contains("FAIL E01", "FAIL E02", "holds under max-ignored", "still there: node a")
                .endsWith("0 passed, 2 failed\n");
    }

    @Test
    void whoBreaksOffUnderAFaultDoesNotCatchIt() {
        report.tried("E01", "max-ignored", failed("refused", Failed.Kind.BROKE_OFF));

        assertThat(report.sum()).isFalse();
        assertThat(out.toString()).contains("FAIL E01 under max-ignored: it broke off: refused");
    }
}
