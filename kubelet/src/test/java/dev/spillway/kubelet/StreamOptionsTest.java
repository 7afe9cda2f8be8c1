package dev.spillway.kubelet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.kubelet.http.HeadReader;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.RequestHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kubelet of Kubernetes 1.37 makes of the same parameters. */
final class StreamOptionsTest {
    private static RequestHead head(String query) throws IOException, HttpProblem {
        var text = "GET /x?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n";
        return new HeadReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1))).read();
    }

    private static Map<String, List<String>> with(String... pairs) {
        var options = new TreeMap<String, List<String>>();
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], List.of(pairs[i + 1]));
        }
        return options;
    }

    @Test
    void everyOptionOfALogComesThrough() throws Exception {
        assertThat(StreamOptions.ofLog(head("follow=true&previous=true&timestamps=true&tailLines=0&limitBytes=1"
                        + "&sinceTime=2026-01-02T03:04:05%2B01:00&stream=All")))
                .isEqualTo(with(
                        "follow",
                        "true",
                        "previous",
                        "true",
                        "timestamps",
                        "true",
                        "tailLines",
                        "0",
                        "limitBytes",
                        "1",
                        "sinceTime",
                        "2026-01-02T03:04:05+01:00"));
        assertThat(StreamOptions.ofLog(head("sinceSeconds=60&stream=Stderr")))
                .isEqualTo(with("sinceSeconds", "60", "stream", "Stderr"));
        assertThat(StreamOptions.ofLog(head(""))).isEqualTo(with());
        assertThat(StreamOptions.ofLog(head("sinceTime=&stream=&pretty=x"))).isEqualTo(with());
    }

    @ParameterizedTest
    @CsvSource({
        "follow=1,true",
        "follow=TRUE,true",
        "follow=,true",
        "follow,true",
        "follow=yes,true",
        "follow=0,",
        "follow=False,"
    })
    void flagsAreReadAsKubernetesReadsThem(String query, String follows) throws Exception {
        assertThat(StreamOptions.ofLog(head(query))).isEqualTo(follows == null ? with() : with("follow", follows));
    }

    @ParameterizedTest
    @CsvSource({
        "400,tailLines=ten", "400,tailLines=", "400,tailLines=1.5", "400,tailLines=9223372036854775808",
        "400,sinceSeconds=1m", "400,limitBytes=1k", "400,sinceTime=yesterday", "400,sinceTime=2026-01-02",
        "400,sinceTime=2026-01-02T03:04:05", "422,tailLines=-1", "422,sinceSeconds=0", "422,sinceSeconds=-5",
        "422,limitBytes=0", "422,stream=stdout", "422,stream=Both", "422,stream=Stdout&tailLines=1",
        "422,sinceSeconds=1&sinceTime=2026-01-02T03:04:05Z", "400,tail=x"
    })
    void whatMakesNoSenseOfALogIsRefused(int code, String query) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> StreamOptions.ofLog(head(query)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void anOldClientsTailIsUnderstood() throws Exception {
        assertThat(StreamOptions.ofLog(head("tail=5"))).isEqualTo(with("tailLines", "5"));
        assertThat(StreamOptions.ofLog(head("tail=all&tailLines=7"))).isEqualTo(with());
    }

    @Test
    void anExecIsToldInAnApiServersWords() throws Exception {
        var options = StreamOptions.ofExec(head("command=sh&command=-c&command=a%20b&input=1&output=1&error=1"));

        assertThat(options.remove("command")).containsExactly("sh", "-c", "a b");
        assertThat(options).isEqualTo(with("stdin", "true", "stdout", "true", "stderr", "true", "tty", "false"));
    }

    @Test
    void aTerminalHasNoErrorStream() throws Exception {
        assertThat(StreamOptions.ofAttach(head("tty=1&input=1&output=1&error=1")))
                .isEqualTo(with("stdin", "true", "stdout", "true", "stderr", "false", "tty", "true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tty=1", "input=true", "stdin=1", "tty=1&error=1", "output=0"})
    void aStreamIsNeeded(String query) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> StreamOptions.ofAttach(head(query)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(400));
    }

    @Test
    void aCommandIsNeeded() {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> StreamOptions.ofExec(head("output=1")))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(400));
    }

    @Test
    void portsMayBeNamed() throws Exception {
        assertThat(StreamOptions.ofPortForward(head(""))).isEmpty();
        assertThat(StreamOptions.ofPortForward(head("port=80,443&port=65535")))
                .isEqualTo(Map.of("ports", List.of("80", "443", "65535")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"port=", "port=0", "port=65536", "port=-1", "port=http", "port=80,", "port=%2B80", "port=999999"
            })
    void aPortIsANumber(String query) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> StreamOptions.ofPortForward(head(query)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(400));
    }
}
