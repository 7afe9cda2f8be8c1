package dev.spillway.trials.scenario.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.file.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ApiFileTest {
    private static final String GOOD = """
        api: a rule
        about: more about it
        steps:
          - request: POST /api/v1/namespaces/$namespace/pods
            body: {metadata: {name: p}}
            expect: {code: 201}
            keep: {uid: /metadata/uid}
          - watch: pods
            path: /api/v1/pods?watch=true
          - pause: 1s
          - request: GET /api/v1/namespaces/$namespace/pods/p
            within: 5s
            expect: {body: {metadata: {uid: $uid}}}
          - events: pods
            expect: [{type: ADDED}]
        """;

    @TempDir
    private Path folder;

    record Slip(String right, String wrong, int line, String message) {}

    @Test
    void readsEveryStep() throws IOException {
        ApiScenario scenario = ApiFile.read(file(GOOD));

        assertThat(scenario.title()).isEqualTo("scenario: a rule");
        assertThat(scenario.steps().stream().map(step -> step.getClass().getSimpleName()))
                .containsExactly("Call", "OpenWatch", "Pause", "Call", "Events");
        assertThat(scenario.steps()).extracting(ApiStep::line).containsExactly(4, 8, 10, 11, 14);
    }

    @Test
    void isKnownByItsTitle() throws IOException {
        assertThat(ApiFile.isOne(Yaml.read(file(GOOD)))).isTrue();
        assertThat(ApiFile.isOne(Yaml.read(file("title: E08")))).isFalse();
    }

    static Stream<Slip> slips() {
        return Stream.of(
                new Slip(
                        "about: more", "abuot: more", 2, "a file about the API has no 'abuot'; allowed are api, about"),
                new Slip(
                        "request: POST", "request: PSOT", 4, "'request' must be a method and a path; methods are GET,"),
                new Slip(
                        "expect: {code: 201}", "expect: {cod: 201}", 6, "expect has no 'cod'; allowed are code, body."),
                new Slip("{code: 201}", "{code: created}", 6, "'code' of expect must be a number, 0 or more"),
                new Slip("uid: $uid", "uid: $uuid", 13, "nothing is kept as 'uuid'; kept so far: namespace, uid."),
                new Slip("uid: $uid", "uid: '~ ('", 13, "Unclosed group near index 1."),
                new Slip(
                        "/metadata/uid",
                        "metadata.uid",
                        7,
                        "'metadata.uid' is no JSON pointer, such as /metadata/uid."),
                new Slip(
                        "- pause: 1s", "- sleep: 1s", 10, "a step has no 'sleep'; allowed are request, watch, events,"),
                new Slip("- pause: 1s", "- within: 1s", 10, "a step has exactly one of request, watch, events, pause;"),
                new Slip("events: pods", "events: pod", 14, "no watch 'pod' was opened before; opened are pods."),
                new Slip(
                        "expect: [{type: ADDED}]", "expect: []", 15, "'events' needs 'expect', a list of at least one"),
                new Slip(
                        "within: 5s",
                        "body: {}\n    within: soon",
                        13,
                        "'within' of request must be a length of time"));
    }

    @ParameterizedTest
    @MethodSource("slips")
    void namesFileLineAndWhatIsAllowed(Slip slip) throws IOException {
        assertThat(GOOD).contains(slip.right());
        Path file = file(GOOD.replace(slip.right(), slip.wrong()));

        assertThatThrownBy(() -> ApiFile.read(file))
                .isInstanceOf(MalformedScenarioException.class)
                .message()
                .startsWith("%s:%d: %s".formatted(file, slip.line(), slip.message()))
                .as("one line")
                .doesNotContain("\n");
    }

    @Test
    void onlyAGetIsRepeated() throws IOException {
        Path file = file(GOOD.replace("expect: {code: 201}", "within: 5s"));

        assertThatThrownBy(() -> ApiFile.read(file)).message().contains("only a GET is repeated 'within' a time.");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("scenario.yaml"), content);
    }
}
