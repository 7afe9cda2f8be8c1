package dev.spillway.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CrdYamlTest {
    @Test
    void committedYamlIsWhatTheTypesSay() throws IOException {
        var generated = CrdYaml.generate();
        if (Boolean.getBoolean("crds.update")) {
            for (var file : generated.entrySet()) {
                Files.writeString(CrdYaml.FOLDER.resolve(file.getKey()), file.getValue());
            }
        }

        for (var file : generated.entrySet()) {
            var committed = CrdYaml.FOLDER.resolve(file.getKey());
            assertThat(Files.exists(committed) ? Files.readString(committed) : "")
                    .as("deploy/chart/base/crds/%s is stale. Run: %s", file.getKey(), CrdYaml.COMMAND)
                    .isEqualTo(file.getValue());
        }
        try (var files = Files.list(CrdYaml.FOLDER)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .as("deploy/chart/base/crds holds the generated files and no other")
                    .containsExactlyInAnyOrderElementsOf(generated.keySet());
        }
    }

    @Test
    void programsFindTheManifestsOnTheClassPath() throws IOException {
        for (String file : CrdYaml.generate().keySet()) {
            assertThat(resource("/crds/" + file)).isEqualTo(Files.readString(CrdYaml.FOLDER.resolve(file)));
        }
        assertThat(resource("/deploy/admission.yaml"))
                .isEqualTo(Files.readString(CrdYaml.FOLDER.resolveSibling("admission.yaml")));
    }

    private static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(CrdYamlTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
