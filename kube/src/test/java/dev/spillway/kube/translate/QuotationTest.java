package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.translate.Quotation.Where;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String without(String secret, String words) {
        var quotation = new Quotation(words);
        quotation.hide(secret);
        return quotation.text();
    }

    private static String without(String secret, Where where, String words) {
        var quotation = new Quotation(words);
        quotation.hide(secret, where);
        return quotation.text();
    }

    /** RFC 8259, section 7: any character may be an escape, and a slash may have a backslash. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b<c&d\"e",
                "a\\/b<c&d\\\"e",
                "a\\/b\\u003cc\\u0026d\\\"e",
                "a\\u002Fb\\u003Cc\\u0026d\\u0022e",
                "\\u0061\\u002f\\u0062\\u003c\\u0063\\u0026\\u0064\\u0022\\u0065",
                "a\\\\\\/b\\\\u003cc\\\\u0026d\\\\\\\"e",
            })
    void aSecretIsFoundHoweverItIsEscaped(String quoted) {
        assertThat(without("a/b<c&d\"e", "it said " + quoted + ", and no")).isEqualTo("it said (not shown), and no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"one\ntwo", "one\r\ntwo", "one\\ntwo", "one\\r\\ntwo", "one\\u000atwo", "one\\\\ntwo", "one two"
            })
    void aLinesEndIsFoundHoweverItIsWritten(String quoted) {
        assertThat(without("one\ntwo", "[" + quoted + "]")).isEqualTo("[(not shown)]");
    }

    @ParameterizedTest
    @CsvSource({"C:\\new\\u,C:\\\\new\\\\u", "\\\"x\\\"longer,\\\\\\\"x\\\\\\\"longer", "ends-with\\,ends-with\\\\"})
    void aSecretMayHaveBackslashesItself(String secret, String inJson) throws Exception {
        var body = "{\"a\":\"%s\",\"b\":\"kept\"}".formatted(inJson);
        assertThat(JSON.readTree(body).path("a").asText()).isEqualTo(secret);

        var clean = JSON.readTree(without(secret, body));

        assertThat(clean.path("a").asText()).startsWith("(not shown)").doesNotContain("new", "x", "ends");
        assertThat(clean.path("b").asText()).isEqualTo("kept");
    }

    /** What is read of it afterwards must be there still. */
    @Test
    void jsonStaysJson() throws Exception {
        var status = JSON.createObjectNode().put("kind", "Status").put("reason", "Forbidden");
        status.put("message", "token \"ab/<>\\\"cd\" of \"x\"\n is no good");

        JsonNode clean = JSON.readTree(without("\"ab/<>\\\"cd\"", status.toString()));

        assertThat(clean.path("reason").asText()).isEqualTo("Forbidden");
        assertThat(clean.path("message").asText()).isEqualTo("token (not shown) of \"x\"\n is no good");
    }

    @Test
    void whatHasNoneIsTheSame() {
        var words = "a \\u0041 \\n \\\\ b\\";

        assertThat(without("another-secret", words)).isSameAs(words);
        assertThat(without("\\", words)).isSameAs(words);
        assertThat(without("", words)).isSameAs(words);
    }

    @Test
    void secretsThatOverlapAreOne() {
        var quotation = new Quotation("x abcdefgh y");
        quotation.hide("abcdef");
        quotation.hide("defgh");
        quotation.hide("not shown");

        assertThat(quotation.text()).isEqualTo("x (not shown) y");
    }

    @Test
    void aWordIsOneOnlyWhereItStandsAsAValue() {
        assertThat(without("forbidden", Where.AS_VALUE, "pods is forbidden: no"))
                .isEqualTo("pods is forbidden: no");
        assertThat(without("forbidden", Where.AS_VALUE, "value \"forbidden\"; map[a:forbidden b:c]; x=forbidden"))
                .isEqualTo("value \"(not shown)\"; map[a:(not shown) b:c]; x=(not shown)");
        assertThat(without("web-01", Where.WHOLE, "web-01 and web-012")).isEqualTo("(not shown) and web-012");
    }
}
