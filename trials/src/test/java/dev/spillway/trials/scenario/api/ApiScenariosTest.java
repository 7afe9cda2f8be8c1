package dev.spillway.trials.scenario.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.embedded.http.EmbeddedCluster;
import dev.spillway.embedded.http.EmbeddedSettings;
import dev.spillway.trials.scenario.report.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code scenarios/api}, whose answers a real control plane gave, on an embedded cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiScenariosTest {
    private static final Path FOLDER = Path.of("../scenarios/api");

    private EmbeddedCluster embedded;
    private Cluster cluster;
    private ApiRunner runner;

    @BeforeAll
    void start(@TempDir Path folder) {
        embedded = EmbeddedCluster.start(EmbeddedSettings.onPort(0));
        Path kubeconfig = folder.resolve("kubeconfig");
        embedded.writeKubeconfig(kubeconfig);
        cluster = Cluster.open(kubeconfig, "spillway/test");
        runner = new ApiRunner(cluster, "spillway.dev/scenario");
    }

    @AfterAll
    void stop() throws InterruptedException {
        runner.awaitNamespacesGone();
        cluster.close();
        embedded.close();
    }

    @TestFactory
    Stream<DynamicTest> theEmbeddedClusterAnswersAsTheRealOne() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(FOLDER)) {
            files = listed.sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(30);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        String.valueOf(file.getFileName()),
                        () -> assertThat(wrongWith(ApiFile.read(file))).isEmpty()));
    }

    @Test
    void aWrongExpectationFailsAndShowsTheAnswer(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), """
            api: a namespace is never active
            steps:
              - request: GET /api/v1/namespaces/$namespace
                expect: {body: {status: {phase: Passive}}}
            """);

        Outcome.Failed failed = (Outcome.Failed) runner.run(ApiFile.read(file));

        assertThat(failed.why())
                .matches("line 3, GET /api/v1/namespaces/api-[0-9a-z]+-[0-9]+: expected: /body/status/phase is"
                        + " \"Passive\"; seen: \"Active\"");
        assertThat(failed.then()).hasSize(1).first().asString().contains("\"phase\":\"Active\"");
        assertThat(failed.took()).isPositive().isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void anEventThatDoesNotComeIsMissed(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("missed.yaml"), """
            api: a namespace without pods has a pod
            steps:
              - watch: pods
                path: /api/v1/namespaces/$namespace/pods?watch=true&timeoutSeconds=1
              - events: pods
                expect:
                  - {type: ADDED}
            """);

        Outcome.Failed failed = (Outcome.Failed) runner.run(ApiFile.read(file));

        assertThat(failed.why()).contains("expected: /0/type is \"ADDED\"; seen: \"the server ended the watch\"");
    }

    /** Why it failed, or inverted expectations that were not noticed. */
    private List<String> wrongWith(ApiScenario scenario) throws InterruptedException {
        return switch (runner.run(scenario)) {
            case Outcome.Failed failed ->
                Stream.concat(Stream.of(failed.why()), failed.then().stream()).toList();
            case Outcome.Passed passed ->
                passed.places().stream()
                        .flatMap(place -> place.survivors().stream())
                        .toList();
        };
    }
}
