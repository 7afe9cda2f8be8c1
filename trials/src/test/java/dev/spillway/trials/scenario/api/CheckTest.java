package dev.spillway.trials.scenario.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckTest {
    private static final JsonNode ANSWER = yaml("""
        name: web-abc12
        replicas: 3
        ready: true
        none: null
        empty: {}
        labels: {a/b: "1"}
        list: [{type: A, status: "True"}, {type: B, status: "False"}]
        """);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {name: web-abc12}
        {replicas: 3, ready: true}
        {replicas: 3.0}
        {replicas: "~ [0-9]"}
        {name: "~ web-.{5}"}
        {name: "! other"}
        {name: "*", labels: {}}
        {none: null, absent: null}
        {empty: {}}
        {labels: {a/b: "1"}}
        {absent: []}
        {list: [{type: A}, {}]}
        {list: [{type: B, status: "False"}, ...]}
        """)
    void holdsAndEveryInvertedExpectationIsNoticed(String expected) {
        List<Check> checks = CheckReader.read(yaml(expected));

        assertThat(Check.firstMismatch(checks, ANSWER)).isEmpty();
        assertThat(new Place("here", checks, ANSWER).survivors()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {name: web}                                 | /name is "web"; seen: "web-abc12"
        {replicas: "3"}                             | /replicas is "3"; seen: 3
        {name: "~ web"}                             | /name matches /web/; seen: "web-abc12"
        {name: "! web-abc12"}                       | /name is something else than "web-abc12"; seen: "web-abc12"
        {absent: "! x"}                             | /absent is something else than "x"; seen: nothing
        {none: "*"}                                 | /none is there; seen: null
        {name: null}                                | /name is absent; seen: "web-abc12"
        {labels: {a/b: "2"}}                        | /labels/a~1b is "2"; seen: "1"
        {labels: []}                                | /labels has 0 entries; seen: {"a/b":"1"}
        {list: [{type: B}, {}]}                     | /list/0/type is "B"; seen: "A"
        {list: [{type: A}]}                         | /list has 1 entries; seen: [{
        {list: [{type: A, status: "False"}, ...]}   | /list has an entry with /type is "A", /status is "False"; seen: [{
        """)
    void saysWhatWasExpectedAndSeen(String expected, String mismatch) {
        assertThat(Check.firstMismatch(CheckReader.read(yaml(expected)), ANSWER))
                .hasValueSatisfying(said -> assertThat(said).startsWith("expected: " + mismatch));
    }

    @Test
    void aPatternMustBeOne() {
        JsonNode expected = yaml("{name: '~ ('}");

        assertThatThrownBy(() -> CheckReader.read(expected)).isInstanceOf(PatternSyntaxException.class);
    }

    private static JsonNode yaml(String text) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
