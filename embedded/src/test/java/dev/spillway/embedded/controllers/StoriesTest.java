package dev.spillway.embedded.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kube-controller-manager 1.37.2 made of the same requests; {@link StoryRecorder} wrote it down. */
class StoriesTest {

    private static final String NAMESPACE = "story";

    static List<Path> stories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/controllers"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("stories")
    void goesAsInARealCluster(Path file) {
        World world = new World();
        world.call("POST", "/api/v1/namespaces", "{'metadata':{'name':'" + NAMESPACE + "'}}");
        Stage stage = new Stage() {
            @Override
            public ObjectNode call(String method, String path, @Nullable ObjectNode body) {
                return world.call(method, path, body == null ? "" : body.toString());
            }

            @Override
            public void pass(int seconds) {
                for (int i = 0; i < seconds; i++) {
                    world.advance(Duration.ofSeconds(1));
                }
            }

            @Override
            public Instant now() {
                return world.now();
            }
        };

        new Story(file, NAMESPACE, stage)
                .play((step, facts) -> assertThat(facts.toPrettyString())
                        .isEqualTo(step.path("facts").toPrettyString()));
    }
}
