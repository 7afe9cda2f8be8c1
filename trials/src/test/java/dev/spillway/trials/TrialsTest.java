package dev.spillway.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TrialsTest {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String out, String err) {}

    private static Ran run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Trials.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static void assertOneLine(Ran ran, String... parts) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(FAILED);
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).startsWith("spillway: ").contains(parts).doesNotContain("Exception");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void helpNamesWhatShipsAndWhatTries() {
        var help = run();

        assertThat(help.code()).isEqualTo(DONE);
        assertThat(help.out())
                .contains("controller", "demo", "explain", "install", "scenario", "simulated-regions", "version")
                .containsSubsequence("Examples:", "spillway demo  ", "spillway install --kubeconfig FILE");
    }

    @Test
    void eachCommandHasHelpWithExamplesAndTheVersionOfTheWhole() {
        for (var command : new String[] {"demo", "scenario"}) {
            assertThat(run(command, "--help").out()).contains("Examples:", "spillway " + command + " ");
            assertThat(run(command, "--version").out()).isEqualTo("spillway 0.1.0" + System.lineSeparator());
        }
    }

    @Test
    void aKubeconfigThatIsMissingIsNamed() {
        var missing = folder.resolve("nowhere").toString();

        assertOneLine(run("demo", "--kubeconfig", missing), missing, "--kubeconfig");
        assertOneLine(run("scenario", "../scenarios", "--kubeconfig", missing), missing, "--kubeconfig");
    }

    @Test
    void optionsOfTheDemoThatMakeNoSenseAreSaid() {
        assertOneLine(run("demo", "--speed", "0"), "--speed 0", "1 and 1000");
        assertOneLine(run("demo", "--port", "70000"), "--port 70000");
        assertOneLine(run("demo", "--port", "0", "--kubeconfig", "any"), "--port", "--kubeconfig");
        assertOneLine(run("demo", "--clean"), "--clean", "--kubeconfig FILE");
    }

    @Test
    void aPortOfTheDemosClusterThatIsOccupiedIsNamed() throws IOException {
        try (var occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(occupied.getLocalPort());

            assertOneLine(run("demo", "--once", "--port", port), port);
        }
    }

    @Test
    void aFilterThatMatchesNoScenarioIsSaid() {
        assertOneLine(run("scenario", "../scenarios", "--filter", "E99"), "'E99'", "--filter");
    }

    @Test
    void faultsArePlantedInClustersOfThisProcessOnly() {
        assertOneLine(run("scenario", "../scenarios", "--faults", "--kubeconfig", "any"), "--faults", "--kubeconfig");
        assertOneLine(run("scenario", "../scenarios", "--catches", "--mutate"), "--catches", "--mutate");
        assertOneLine(run("scenario", "../scenarios", "--fault", "max-ignored"), "--fault max-ignored", "--faults");
        assertOneLine(run("scenario", "../scenarios", "--faults", "--fault", "sunspots"), "sunspots", "max-ignored");
        assertOneLine(run("scenario", "../scenarios", "--catches", "--fault", "sunspots"), "sunspots", "max-ignored");
    }

    @Test
    void aFaultThatNoFileNamesIsSaid() {
        assertOneLine(
                run("scenario", "../scenarios", "--filter", "E56", "--catches", "--fault", "max-ignored"),
                "'catches:'",
                "--faults --fault max-ignored");
    }
}
