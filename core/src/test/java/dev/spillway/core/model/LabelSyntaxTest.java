package dev.spillway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kubernetes' documented syntax: 63 characters, alphanumeric at both ends, an optional DNS prefix. */
class LabelSyntaxTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A-b_c.9", "0123456789012345678901234567890123456789012345678901234567890ab"})
    void values(String value) {
        assertThat(LabelSyntax.isValue(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-a", "a-", "a b", "ü", "a/b", "01234567890123456789012345678901234567890123456789012345678901ab"
            })
    void notValues(String value) {
        assertThat(LabelSyntax.isValue(value)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "alibabacloud.com/compute-class", "a.b-c.d/E_f"})
    void keys(String key) {
        assertThat(LabelSyntax.isKey(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "A.com/x", "a/b/c", "-a/b", "a..b/c"})
    void notKeys(String key) {
        assertThat(LabelSyntax.isKey(key)).isFalse();
    }
}
