package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
