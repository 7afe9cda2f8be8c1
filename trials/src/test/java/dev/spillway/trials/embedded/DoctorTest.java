package dev.spillway.trials.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code spillway doctor} on a server that was not made for it. */
@Timeout(60)
final class DoctorTest {
    @Test
    void findsWhatIsThereAndThatNoControllerIs() {
        var out = new StringWriter();
        try (var host = EmbeddedClusterHost.start(0)) {
            int code = Main.run(
                    new PrintWriter(out, true),
                    new PrintWriter(out, true),
                    "doctor",
                    "--kubeconfig",
                    host.kubeconfig().toString());

            assertThat(code).isEqualTo(1);
        }
        assertThat(out.toString().lines())
                .as(out.toString())
                .anyMatch(
                        line -> line.matches("ok +API server +https?://127.0.0.1:\\d+/ answers, Kubernetes v1\\.37.*"))
                .anyMatch(line -> line.matches("ok +clock .*"))
                .anyMatch(line -> line.matches("ok +admission +labelled pods are given to Spillway's scheduler.*"))
                .anyMatch(line -> line.matches("TROUBLE +controller +none has led here yet.*"))
                .last()
                .asString()
                .endsWith("1 trouble");
    }
}
