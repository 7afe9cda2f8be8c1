package dev.spillway.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {

    private final ObjectMapper json = new ObjectMapper();

    /** After the page "Labels and Selectors": != and notin also hold where the label is missing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web | true",
                "app==web | true",
                "app = web | true",
                "app=db | false",
                "app!=db | true",
                "none!=x | true",
                "app | true",
                "none | false",
                "!none | true",
                "!app | false",
                "app in (web, db) | true",
                "app notin (web,db) | false",
                "none notin (a) | true",
                "none in (a) | false",
                "app=web,tier in (a,b),!none | true",
                "app=web,tier in (b,c) | false",
                "empty= | true",
                "example.com/x=1 | true"
            })
    void requirementHolds(String selector, boolean expected) throws Exception {
        JsonNode object = json.readTree(
                "{\"metadata\":{\"labels\":{\"app\":\"web\",\"tier\":\"a\",\"empty\":\"\",\"example.com/x\":\"1\"}}}");

        assertThat(LabelSelector.parse(selector).matches(object)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app in", "app in b", "=x", "a=b=c", "a b", "a in (b", ",", "a,,b"})
    void malformedSelectorIsABadRequest(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(400));
    }

    @Test
    void selectorOfAnObjectJoinsLabelsAndExpressions() throws Exception {
        LabelSelector selector = Objects.requireNonNull(
                LabelSelector.of(
                        json.readTree(
                                "{\"matchLabels\":{\"a\":\"1\"},\"matchExpressions\":"
                                        + "[{\"key\":\"b\",\"operator\":\"In\",\"values\":[\"1\",\"2\"]},{\"key\":\"c\",\"operator\":\"DoesNotExist\"}]}")));

        assertThat(selector.matches(json.readTree("{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"2\"}}}")))
                .isTrue();
        assertThat(selector.matches(json.readTree("{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"3\"}}}")))
                .isFalse();
        assertThat(selector.matches(json.readTree("{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"1\",\"c\":\"\"}}}")))
                .isFalse();
    }

    @Test
    void absentSelectorIsNone() {
        assertThat(LabelSelector.of(null)).isNull();
    }
}
