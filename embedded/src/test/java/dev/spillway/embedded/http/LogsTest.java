package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsTest {

    private static final String BINDING =
            "{'metadata':{'name':'a'},'target':{'apiVersion':'v1','kind':'Node','name':'n'}}";

    private final Face face = new Face((pod, container) -> "one\ntwo of " + container + "\n");

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void theLogIsWhatItsOwnerSays() {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS + "/a/binding", BINDING);

        Face.Answer log = face.get(Face.PODS + "/a/log");

        assertThat(log.code()).isEqualTo(200);
        assertThat(log.type()).startsWith("text/plain");
        assertThat(log.text()).isEqualTo("one\ntwo of c\n");
        assertThat(face.get(Face.PODS + "/a/log?tailLines=1").text()).isEqualTo("two of c\n");
        assertThat(face.get(Face.PODS + "/a/log?tailLines=0").text()).isEmpty();
    }

    @Test
    void aPodWithoutANodeHasSaidNothing() {
        face.post(Face.PODS, Face.pod("a"));

        assertThat(face.get(Face.PODS + "/a/log").text()).isEmpty();
    }

    @Test
    void theContainerMustBeOneOfThePod() {
        face.post(Face.PODS, Face.pod("a"));

        Face.Answer wrong = face.get(Face.PODS + "/a/log?container=x");

        assertThat(wrong.code()).isEqualTo(400);
        assertThat(wrong.json().path("message").asText()).isEqualTo("container x is not valid for pod a");
        assertThat(face.get(Face.PODS + "/b/log").json().path("message").asText())
                .isEqualTo("pods \"b\" not found");
    }

    @Test
    void timesAreShownAndCount() {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS + "/a/binding", BINDING);
        face.advance(Duration.ofSeconds(60));

        assertThat(face.get(Face.PODS + "/a/log?timestamps=true&tailLines=1").text())
                .isEqualTo("2026-01-01T00:00:00Z two of c\n");
        assertThat(face.get(Face.PODS + "/a/log?sinceSeconds=60").text()).startsWith("one\n");
        assertThat(face.get(Face.PODS + "/a/log?sinceSeconds=59").text()).isEmpty();
        assertThat(face.get(Face.PODS + "/a/log?sinceTime=2026-01-01T00:00:01Z").text())
                .isEmpty();
    }

    @Test
    void thereIsNoPreviousContainer() {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS + "/a/binding", BINDING);

        Face.Answer answer = face.get(Face.PODS + "/a/log?previous=true");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.json().path("message").asText())
                .isEqualTo("previous terminated container \"c\" in pod \"a\" not found");
    }

    @Test
    void aLogIsFollowedUntilThePodEnds() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>(List.of("one", "two"));
        try (Face following = new Face((pod, container) -> String.join("\n", said) + "\n")) {
            following.post(Face.PODS, Face.pod("a"));
            following.post(Face.PODS + "/a/binding", BINDING);

            BufferedReader lines = following
                    .watch(Face.PODS + "/a/log?follow=true&tailLines=1")
                    .lines();

            assertThat(lines.readLine()).isEqualTo("two");
            said.add("three");
            assertThat(lines.readLine()).isEqualTo("three");
            following.merge(Face.PODS + "/a/status", "{'status':{'phase':'Succeeded'}}");
            assertThat(lines.readLine()).isNull();
        }
    }
}
