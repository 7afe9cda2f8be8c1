package dev.spillway.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.it.conformance.Comparison.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the list of specs and of the suite's report, and what counts as a failure. */
class ComparisonTest {
    private static final String PODS = "[sig-node] Pods should be updated [Conformance]";
    private static final String HOST = "[sig-storage] HostPath should support r/w";
    private static final SuiteRun.Result PASSED = new SuiteRun.Result("", 1);
    private static final SuiteRun.Result FAILED = new SuiteRun.Result("Timed out", 1);

    @TempDir
    private static Path folder = Path.of("");

    private static List<Spec> specs(String text) throws IOException {
        return Spec.readAll(Files.writeString(Files.createTempFile(folder, "specs", ".txt"), text));
    }

    @Test
    void aListSaysWhatIsRunAndWhyAnythingElseIsNot() throws IOException {
        assertThat(specs("# a remark\n\n* " + PODS + "\n! " + HOST + " -- needs the node\n[sig-cli] Kubectl -- port\n"))
                .containsExactly(
                        new Spec(PODS, true, ""),
                        new Spec(HOST, false, "needs the node"),
                        new Spec("[sig-cli] Kubectl -- port", false, ""));
    }

    @Test
    void aListIsRefusedThatGivesNoReasonOrNamesASpecTwice() {
        assertThatThrownBy(() -> specs("! " + HOST)).hasMessageContaining("No reason");
        assertThatThrownBy(() -> specs(PODS + "\n* " + PODS)).hasMessageContaining("twice");
        assertThatThrownBy(() -> specs("Pods should be updated")).hasMessageContaining("Neither");
    }

    /** The list of the tree; twenty specs are quick enough for every run. */
    @Test
    void theListOfTheTreeIsSound() throws IOException {
        var listed = Spec.readAll(Path.of("conformance", "specs.txt"));

        assertThat(listed.stream().filter(Spec::isRun)).hasSizeGreaterThan(100);
        assertThat(listed.stream().filter(Spec::isQuick)).hasSize(20).allMatch(Spec::isRun);
    }

    /** Shaped as the suite of v1.37.2 writes it. */
    @Test
    void aReportHasAllSpecsOfTheSuiteAndTellsWhichWereRun() throws IOException {
        var report = Files.writeString(folder.resolve("junit_01.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites tests="5"><testsuite name="Kubernetes e2e suite">
                <testcase name="[SynchronizedBeforeSuite]" status="passed" time="0.08"></testcase>
                <testcase name="[It] [sig-node] a" status="passed" time="4.5"></testcase>
                <testcase name="[It] [sig-node] b" status="failed" time="9"><failure type="failed">
                  [FAILED] no logs
                  In [It] at: output.go:281
                </failure></testcase>
                <testcase name="[It] [sig-node] c" status="skipped" time="0"><skipped message="skipped"></skipped></testcase>
                <testcase name="[It] [sig-node] d" status="skipped" time="0.1"><skipped message="skipped - needs SELinux"></skipped></testcase>
                </testsuite></testsuites>
                """);

        assertThat(SuiteRun.read(report))
                .isEqualTo(Map.of(
                        "[sig-node] a", new SuiteRun.Result("", 4.5),
                        "[sig-node] b", new SuiteRun.Result("[FAILED] no logs In [It] at: output.go:281", 9),
                        "[sig-node] d", new SuiteRun.Result("skipped - needs SELinux", 0.1)));
    }

    @Test
    void onlyWhatPassesDirectlyCanFailThroughTheHomeCluster() throws IOException {
        var specs = specs("[sig-node] a\n[sig-node] b\n[sig-node] c\n[sig-node] d\n! [sig-node] e -- slow\n");

        var comparison = Comparison.of(
                specs,
                Map.of("[sig-node] a", PASSED, "[sig-node] b", PASSED, "[sig-node] c", FAILED),
                Map.of("[sig-node] a", PASSED, "[sig-node] b", FAILED));

        assertThat(comparison.rows().stream().map(Comparison.Row::verdict))
                .containsExactly(
                        Verdict.PASSED, Verdict.FAILED, Verdict.FAILS_DIRECTLY, Verdict.UNKNOWN, Verdict.EXCLUDED);
        assertThat(comparison.failed()).isEqualTo(2);
    }
}
