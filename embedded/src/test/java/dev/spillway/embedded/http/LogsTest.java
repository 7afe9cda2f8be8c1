package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsTest {

    private static final String BINDING =
            "{'metadata':{'name':'a'},'target':{'apiVersion':'v1','kind':'Node','name':'n'}}";

    private static final String RUNNING =
            "{'status':{'phase':'Running','containerStatuses':[{'name':'c','state':{'running':{}}}]}}";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Face face = new Face((pod, container) ->
            List.of(new PodLogs.Line(START, "one"), new PodLogs.Line(START.plusSeconds(40), "two of " + container)));

    private void runs(String pod) {
        face.post(Face.PODS, Face.pod(pod));
        face.post(Face.PODS + "/" + pod + "/binding", BINDING);
        face.merge(Face.PODS + "/" + pod + "/status", RUNNING);
    }

    private String refused(int code, String query) {
        Face.Answer answer = face.get(Face.PODS + "/a/log?" + query);
        assertThat(answer.code()).as(query).isEqualTo(code);
        return answer.json().path("message").asText();
    }

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void theLogIsWhatItsOwnerSays() {
        runs("a");

        Face.Answer log = face.get(Face.PODS + "/a/log");

        assertThat(log.code()).isEqualTo(200);
        assertThat(log.type()).startsWith("text/plain");
        assertThat(log.text()).isEqualTo("one\ntwo of c\n");
        assertThat(face.get(Face.PODS + "/a/log?tailLines=1").text()).isEqualTo("two of c\n");
        assertThat(face.get(Face.PODS + "/a/log?tailLines=0").text()).isEmpty();
        assertThat(face.get(Face.PODS + "/a/log?limitBytes=6").text()).isEqualTo("one\ntw");
    }

    @Test
    void aPodWhoseContainerHasNotStartedHasNoLogYet() {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS + "/a/binding", BINDING);

        assertThat(refused(400, "")).isEqualTo("container \"c\" in pod \"a\" is waiting to start: ContainerCreating");
        face.merge(
                Face.PODS + "/a/status",
                "{'status':{'containerStatuses':[{'name':'c','state':{'waiting':{'reason':'ErrImagePull'}}}]}}");
        assertThat(refused(400, "follow=true"))
                .isEqualTo("container \"c\" in pod \"a\" is waiting to start: image can't be pulled");
    }

    /** The texts are a real server's. */
    @Test
    void optionsThatMakeNoSenseAreRefusedBeforeThePodIsLookedFor() {
        String invalid = "PodLogOptions \"a\" is invalid: ";

        assertThat(refused(422, "tailLines=-1"))
                .isEqualTo(invalid + "tailLines: Invalid value: -1: must be greater than or equal to 0");
        assertThat(refused(422, "sinceSeconds=0"))
                .isEqualTo(invalid + "sinceSeconds: Invalid value: 0: must be greater than 0");
        assertThat(refused(422, "limitBytes=0"))
                .isEqualTo(invalid + "limitBytes: Invalid value: 0: must be greater than 0");
        assertThat(refused(422, "stream=")).isEqualTo(invalid + "stream: Forbidden: may not be specified");
        assertThat(refused(422, "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z"))
                .isEqualTo(invalid + "[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
        assertThat(refused(400, "tailLines=")).isEqualTo("strconv.ParseInt: parsing \"\": invalid syntax");
        assertThat(refused(400, "sinceTime=x"))
                .isEqualTo("parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"");
    }

    /** The texts are a real server's; it lets a whole day pass for an offset. */
    @Test
    void aTimeThatThereIsNotIsRefused() {
        assertThat(refused(400, "sinceTime=2026-02-30T00:00:00Z"))
                .isEqualTo("parsing time \"2026-02-30T00:00:00Z\": day out of range");
        assertThat(refused(400, "sinceTime=1900-02-29T00:00:00Z"))
                .isEqualTo("parsing time \"1900-02-29T00:00:00Z\": day out of range");
        assertThat(refused(400, "sinceTime=2026-02-30T25:00:00Z"))
                .isEqualTo("parsing time \"2026-02-30T25:00:00Z\": hour out of range");
        assertThat(refused(400, "sinceTime=2026-02-30T00:00:00Zx"))
                .isEqualTo("parsing time \"2026-02-30T00:00:00Zx\": extra text: \"x\"");
        assertThat(refused(400, "sinceTime=2026-01-01T00:00:00%2B25:00"))
                .isEqualTo("parsing time \"2026-01-01T00:00:00+25:00\": time zone offset hour out of range");
        assertThat(refused(400, "sinceTime=2026-01-01T00:00:00%2B25:61"))
                .isEqualTo("parsing time \"2026-01-01T00:00:00+25:61\": time zone offset minute out of range");
        runs("a");
        assertThat(face.get(Face.PODS + "/a/log?sinceTime=2026-01-02T00:00:41%2B24:00")
                        .text())
                .isEmpty();
        assertThat(face.get(Face.PODS + "/a/log?sinceTime=2025-12-31T0:00:40.1234567891-23:60")
                        .text())
                .isEqualTo("two of c\n");
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
        runs("a");
        face.advance(Duration.ofSeconds(60));

        assertThat(face.get(Face.PODS + "/a/log?timestamps=true&tailLines=1").text())
                .isEqualTo("2026-01-01T00:00:40.000000000Z two of c\n");
        assertThat(face.get(Face.PODS + "/a/log?sinceSeconds=60").text()).startsWith("one\n");
        assertThat(face.get(Face.PODS + "/a/log?sinceSeconds=59").text()).isEqualTo("two of c\n");
        assertThat(face.get(Face.PODS + "/a/log?sinceTime=2026-01-01T00:00:41Z").text())
                .isEmpty();
    }

    @Test
    void thereIsNoPreviousContainer() {
        runs("a");

        Face.Answer answer = face.get(Face.PODS + "/a/log?previous=true");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.json().path("message").asText())
                .isEqualTo("previous terminated container \"c\" in pod \"a\" not found");
    }

    @Test
    void aLogIsFollowedUntilTheContainerEnds() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>(List.of("one", "two"));
        try (Face following = following(said)) {
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

    @Test
    void itDoesNotGoOnWithTheNextPodOfTheName() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>(List.of("one"));
        try (Face following = following(said)) {
            BufferedReader lines =
                    following.watch(Face.PODS + "/a/log?follow=true").lines();
            assertThat(lines.readLine()).isEqualTo("one");

            following.delete(Face.PODS + "/a?gracePeriodSeconds=0");
            run(following);
            said.add("of the next pod");

            assertThat(lines.readLine()).isNull();
        }
    }

    private static Face following(List<String> said) {
        Face face = new Face((pod, container) ->
                said.stream().map(text -> new PodLogs.Line(START, text)).toList());
        run(face);
        return face;
    }

    private static void run(Face face) {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS + "/a/binding", BINDING);
        face.merge(Face.PODS + "/a/status", RUNNING);
    }
}
