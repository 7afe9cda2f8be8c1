package dev.spillway.kubelet.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadReaderTest {
    private static final String GOOD = "Host: x\r\n\r\n";

    private static RequestHead read(String text) throws IOException, HttpProblem {
        return new HeadReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1))).read();
    }

    @Test
    void readsARequestTakenApart() throws Exception {
        var head = read("""
                POST /exec/ns/web/main?command=sh&command=-c&command=echo+%22%C3%BC%22%26&tty=1&x HTTP/1.1\r
                HOST: 10.0.0.1:10250\r
                X-Stream-Protocol-Version: v5\r
                x-stream-protocol-version:\tv4 \r
                \r
                """);

        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.path()).containsExactly("exec", "ns", "web", "main");
        assertThat(head.query())
                .isEqualTo(
                        Map.of("command", List.of("sh", "-c", "echo \"ü\"&"), "tty", List.of("1"), "x", List.of("")));
        assertThat(head.headers())
                .isEqualTo(Map.of("host", List.of("10.0.0.1:10250"), "x-stream-protocol-version", List.of("v5", "v4")));
    }

    @Test
    void leavesWhatFollows() throws Exception {
        var in = new ByteArrayInputStream(("GET / HTTP/1.1\r\n" + GOOD + "rest").getBytes(ISO_8859_1));
        new HeadReader(in).read();

        assertThat(in.readAllBytes()).isEqualTo("rest".getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade",
                "connection: keep-alive, upgrade",
                "Connection: close\r\nConnection: UPGRADE"
            })
    void seesThatAnotherProtocolIsAskedFor(String connection) throws Exception {
        assertThat(read("GET / HTTP/1.1\r\nUpgrade: SPDY/3.1\r\n" + connection + "\r\n" + GOOD)
                        .asksForUpgrade())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: SPDY/3.1", "Connection: Upgrade", "Connection: upgraded\r\nUpgrade: x"})
    void seesThatNoneIs(String headers) throws Exception {
        assertThat(read("GET / HTTP/1.1\r\n" + headers + "\r\n" + GOOD).asksForUpgrade())
                .isFalse();
    }

    record Bad(int code, String text) {
        @Override
        public String toString() {
            return text.replace("\r", "\\r")
                    .replace("\n", "\\n")
                    .replace("\0", "\\0")
                    .substring(0, Math.min(60, text.length()));
        }
    }

    static Stream<Bad> bad() {
        return Stream.concat(badTargets(), badHeads());
    }

    private static Stream<Bad> badTargets() {
        return Stream.of(
                        "exec",
                        "*",
                        "http://x/exec",
                        "//exec",
                        "/exec//web",
                        "/exec/../pods",
                        "/exec/./web",
                        "/.",
                        "/..",
                        "/%2e%2e/pods",
                        "/exec/%2E%2E",
                        "/a%2fb",
                        "/a%2Fb",
                        "/a%",
                        "/a%4",
                        "/a%zz",
                        "/a%-1",
                        "/a%00",
                        "/a%ff",
                        "/a%c0%af",
                        "/a%ed%a0%80",
                        "/?x=%00",
                        "/?x=%f",
                        "/?%80=1",
                        "/a#b",
                        "/?a#b",
                        "/\u00fc",
                        "/a\u007f",
                        "/a\u0080")
                .map(target -> new Bad(400, "GET " + target + " HTTP/1.1\r\n" + GOOD));
    }

    private static Stream<Bad> badHeads() {
        return Stream.of(
                new Bad(400, "\r\n\r\n"),
                new Bad(400, "GET\r\n" + GOOD),
                new Bad(400, "GET / \r\n" + GOOD),
                new Bad(400, "GET  / HTTP/1.1\r\n" + GOOD),
                new Bad(400, "GET / HTTP/1.1 x\r\n" + GOOD),
                new Bad(400, "G(T / HTTP/1.1\r\n" + GOOD),
                new Bad(400, "GET / HTPP/1.1\r\n" + GOOD),
                new Bad(505, "GET / HTTP/1.0\r\n" + GOOD),
                new Bad(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\n" + GOOD),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n"),
                new Bad(400, "GET / HTTP/1.1\r\nHost: x\r\nA: \u001b[2J\r\n\r\n"),
                new Bad(400, "POST / HTTP/1.1\r\nContent-Length: 5\r\n" + GOOD),
                new Bad(400, "POST / HTTP/1.1\r\nContent-Length: 00\r\n" + GOOD),
                new Bad(400, "POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 4\r\n" + GOOD),
                new Bad(400, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + GOOD),
                new Bad(400, "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n" + GOOD),
                new Bad(431, "GET /" + "a".repeat(HeadReader.LARGEST) + " HTTP/1.1\r\n" + GOOD),
                new Bad(431, "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(HeadReader.LARGEST / 6) + GOOD),
                new Bad(400, "\u0016\u0003\u0001\u0002\0\u0001"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesWhatCanBeUnderstoodInTwoWaysOrNone(Bad it) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> read(it.text()))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(it.code()));
    }

    @Test
    void aHeadThatIsCutIsNoRequest() {
        var whole = "GET /a HTTP/1.1\r\nA: b\r\n" + GOOD;
        for (int length = 0; length < whole.length(); length++) {
            var cut = whole.substring(0, length);
            assertThatExceptionOfType(EOFException.class).as(cut).isThrownBy(() -> read(cut));
        }
    }

    @Test
    void noBytesMakeItFailOtherwise() {
        var random = new Random(5);
        var pieces = List.of(
                "GET ",
                "POST",
                " ",
                "/",
                "%",
                "%2e",
                "?",
                "=",
                "&",
                " HTTP/1.1",
                "\r\n",
                "\r",
                "\n",
                ":",
                "Host: x",
                "\0",
                "\u00ff",
                "a",
                GOOD);
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(14); length >= 0; length--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                assertThat(read(text.toString()).path())
                        .doesNotContain(".", "..")
                        .noneMatch(s -> s.contains("/"));
            } catch (HttpProblem | IOException e) {
                // said so
            }
        }
    }
}
