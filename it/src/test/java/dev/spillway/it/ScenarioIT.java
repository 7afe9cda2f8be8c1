package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The scenario runner itself on a real control plane: steps that no example needs yet, failures, and what is left behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ScenarioIT {
    private static final Path FILES = Path.of("src/test/resources/scenarios");

    private ControlPlane cluster;

    @BeforeAll
    void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void instancesFailAndObjectsAreDeletedWhereAStepSaysSo() {
        var run = Spillway.run(
                cluster, "scenario", FILES.resolve("fail-and-delete.yaml").toString());

        assertThat(run.out()).as(run.toString()).endsWith("1 passed, 0 failed%n".formatted());
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aFailureSaysWhatWasExpectedAndSeenAndDisturbsNothingElse() throws IOException {
        var run = Spillway.run(
                cluster,
                "scenario",
                FILES.resolve("malformed.yaml").toString(),
                FILES.resolve("wrong-expectation.yaml").toString(),
                FILES.resolve("fail-and-delete.yaml").toString());

        assertThat(run.out())
                .as(run.toString())
                .contains(
                        "malformed.yaml:3: a scenario has no 'region'; allowed are title, catches, regions, nodes, objects, steps, expect.")
                .containsPattern("FAIL X02 wrong expectation +[0-9.]+ s")
                .contains(
                        "at the end: expected: every pod is on a node with topology.kubernetes.io/region=region-b; seen: one: is"
                                + " on virtual-kubelet-region-a-1 with topology.kubernetes.io/region=region-a")
                .containsPattern("one +Running +node virtual-kubelet-region-a-1")
                .containsPattern("ok +X01 fail and delete")
                .endsWith("1 passed, 2 failed%n".formatted());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(names("/apis/spillway.dev/v1alpha1/regions")).isEmpty();
        assertThat(names("/api/v1/nodes")).isEmpty();
        assertThat(names("/api/v1/namespaces?labelSelector=spillway.dev%2Fscenario"))
                .isEmpty();
    }

    private List<String> names(String path) throws IOException {
        JsonNode list = new ObjectMapper().readTree(cluster.api().get(path).body());
        return list.path("items").findValuesAsText("name");
    }
}
