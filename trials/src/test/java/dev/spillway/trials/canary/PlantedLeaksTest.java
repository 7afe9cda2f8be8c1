package dev.spillway.trials.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.Gateway;
import dev.spillway.clusterregion.SecretsPlay;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.trials.canary.Evidence.Channel;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A mistake of each kind, planted, is found by the very search that finds none in the controller. */
final class PlantedLeaksTest {
    private static final String SECRET = Canary.SECRET_VALUE.value();

    @TempDir
    private Path folder;

    private final Evidence evidence = new Evidence();

    private void assertFound(Channel channel) {
        assertThat(evidence.sightings()).isNotEmpty().allMatch(line -> line.startsWith("SECRET_VALUE in " + channel));
    }

    @Test
    void inTheLogEvenAtTheFinestLevel() {
        var log = LoggerFactory.getLogger("dev.spillway.clusterregion.call.Calls");
        try (var _ = new LogCapture(evidence)) {
            log.atTrace()
                    .addKeyValue("body", "{\"data\": \"%s\"}".formatted(base64("..." + SECRET)))
                    .log("sent");
        }

        assertFound(Channel.LOG);
    }

    @Test
    void inTheCauseOfAnException() {
        var log = LoggerFactory.getLogger("dev.spillway.app.controller.Dispatcher");
        var cause = new IllegalStateException("bad value " + SECRET);
        try (var _ = new LogCapture(evidence)) {
            log.atDebug().setCause(new IOException("it failed", cause)).log("a call threw");
        }

        assertFound(Channel.LOG);
    }

    @Test
    void inWhatIsWrittenAtHome() throws IOException {
        send(new ApiRequest(
                "POST",
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                "application/json",
                "\"%s\"".formatted(SECRET)));

        assertFound(Channel.WRITTEN_AT_HOME);
    }

    @Test
    void inTheAddressOfARequest() throws IOException {
        send(ApiRequest.get("/api/v1/namespaces/a/secrets/b?value=" + ApiRequest.segment(SECRET)));

        assertFound(Channel.URL);
    }

    private void send(ApiRequest request) throws IOException {
        try (var gateway = new Gateway(URI.create("http://127.0.0.1:1"))) {
            gateway.script(new HostileHome(evidence, new SecretsPlay()));
            var text = Clusters.kubeconfig(gateway.endpoint().toString(), "{}");
            try (var client = new ApiClient(KubeConnection.ofText("of a test", () -> text, "spillway"), 1)) {
                client.send(request, Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void inAMetric() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.counter("spillway.refusals", "why", SECRET).increment();
        evidence.add(Channel.METRICS, registry.scrape());

        assertFound(Channel.METRICS);
    }

    @Test
    void inARecording() {
        var recorder = new Recorder(RecorderOptions.file(folder), "test", new Recorder.Listener() {});
        var now = Instant.parse("2026-03-01T09:00:00Z");
        try (var recording = recorder.begin(Settings.forCluster("cluster-1", ""), now)) {
            recording.step(now, new Event.RegionDisturbed(new RegionId("far"), "denied: " + SECRET), List.of());
        }
        evidence.addFiles(Channel.RECORDING, folder);

        assertFound(Channel.RECORDING);
    }

    @Test
    void inATemporaryFile() throws IOException {
        var begun = Instant.now().minusSeconds(1);
        var file = Files.writeString(Files.createTempFile("kubeconfig", ".yaml"), "token: " + SECRET);
        try {
            evidence.addTemporaryFiles(begun);
        } finally {
            Files.delete(file);
        }

        assertFound(Channel.TEMPORARY_FILE);
    }

    @Test
    void onTheCommandLineOfAProcess() throws IOException {
        var process = new ProcessBuilder("sh", "-c", "read line", "plugin", SECRET).start();
        try {
            evidence.addProcesses();
        } finally {
            process.destroy();
        }

        assertFound(Channel.PROCESS);
    }

    @Test
    void inTheMiddleOfSomethingEncoded() {
        for (var before : List.of("", "a", "ab", "abc")) {
            var all = new Evidence();
            all.add(Channel.LOG, base64("%s%s and more".formatted(before, Canary.PULL_SECRET.value())));
            assertThat(all.sightings()).as(before).hasSize(1);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
