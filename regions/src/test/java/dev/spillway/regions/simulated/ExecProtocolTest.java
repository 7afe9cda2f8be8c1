package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is exchanged before an exec is open, and what ends it for breaking the protocol (RFC 6455, sections 5 and 7). */
@Timeout(60)
final class ExecProtocolTest extends ExecCase {
    @Test
    void theHandshakeAnswersForTheClient() throws IOException {
        Map<String, List<String>> headers = WebSocketClient.headers("v6.channel.k8s.io", V5, V4);
        StreamAnswer answer = open(Kind.EXEC, headers, Map.of("stdout", "true"), "true");
        try (StreamAnswer.Stream stream = StreamFixture.opened(answer)) {
            assertThat(stream.code()).isEqualTo(101);
            assertThat(stream.headers())
                    .isEqualTo(Map.of(
                            "connection", List.of("Upgrade"),
                            "upgrade", List.of("websocket"),
                            "sec-websocket-accept", List.of(WebSocketClient.ACCEPT),
                            "sec-websocket-protocol", List.of(V5)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "not masked,                     820141,                       1002",
        "a reserved bit,                 c281000000000041,             1002",
        "an unknown opcode,              838100000000,                 1002",
        "a control frame in pieces,      098000000000,                 1002",
        "a long control frame,           89fe007e00000000,             1002",
        "a piece of nothing,             808100000000,                 1002",
        "a message in another,           0281000000000281,             1002",
        "half a close code,              8881000000000a,               1002",
        "too large by a byte,            82ff000000000010000100000000, 1009",
        "as large as can be said,        82ff7fffffffffffffff00000000, 1009",
        "a negative length,              82ffffffffffffffffff00000000, 1002",
        "no channel to close,            828100000000ff,               1002",
    })
    void aFrameThatIsMalformedOrTooLargeEndsTheConnection(String what, String frame, int closeCode) throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            byte[] bytes = java.util.HexFormat.of().parseHex(frame);
            exec.raw(bytes);
            exec.raw(new byte[8]);

            assertThat(exec.toEnd().closeCode).as(what).isEqualTo(closeCode);
        }
        fixture.awaitNoStream();
    }

    @Test
    void theLargestMessageIsTaken() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true"), "true")) {
            exec.frame(0x82, new byte[1 << 20]);
            assertThat(exec.toEnd().closeCode).isEqualTo(1000);
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() {
        String needed = "Exec and attach need a WebSocket here, with the sub-protocol v4.channel.k8s.io or"
                + " v5.channel.k8s.io; SPDY is not spoken.";
        Map<String, List<String>> spdy = Map.of(
                "connection", List.of("Upgrade"),
                "upgrade", List.of("SPDY/3.1"),
                "x-stream-protocol-version", List.of(V4));
        Map<String, String> out = Map.of("stdout", "true");

        assertThat(open(Kind.EXEC, spdy, out, "true")).isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, Map.of(), out, "true")).isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, WebSocketClient.headers("channel.k8s.io"), out, "true"))
                .isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), out))
                .isEqualTo(new StreamAnswer.Refused(400, "A command is needed."));
        assertThat(open(Kind.ATTACH, WebSocketClient.headers(V5), Map.of("stdin", "false")))
                .isEqualTo(new StreamAnswer.Refused(400, "At least one of stdin, stdout and stderr is needed."));
        assertThat(open(
                        Kind.PORT_FORWARD,
                        WebSocketClient.headers("SPDY/3.1+portforward.k8s.io"),
                        Map.of("ports", "80")))
                .isEqualTo(new StreamAnswer.Refused(
                        501, "A simulated container listens on no port, so there is nothing to forward to."));
        assertThat(open(Kind.EXEC, Map.of("cookie", List.of("a")), out, "true"))
                .isEqualTo(new StreamAnswer.Refused(400, "cookie cannot be passed on to a region."));
    }

    @Test
    void thereIsNoExecWhereNothingRuns() {
        StreamRequest request =
                request(Kind.EXEC, "sidecar", WebSocketClient.headers(V5), Map.of("stdout", "1"), "true");
        assertThat(fixture.backend.pods().open(instance, pod, request))
                .isEqualTo(new StreamAnswer.Refused(404, "container \"sidecar\" not found in pod \"web-0\""));
        assertThat(fixture.backend.pods().open(instance, new PodUid("uid-of-another"), request))
                .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));
        assertThat(fixture.backend.pods().open(new InstanceId("i-0-9"), pod, request))
                .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));

        fixture.admin.happen(StreamFixture.REGION, instance, Happening.FAIL);
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), Map.of("stdout", "1"), "true"))
                .isEqualTo(new StreamAnswer.Refused(400, "container \"nginx\" in pod \"web-0\" is not running"));

        fixture.define(60_000);
        instance = fixture.accepted(requestFor("web-1"));
        pod = new PodUid("uid-web-1");
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), Map.of("stdout", "1"), "true"))
                .isEqualTo(new StreamAnswer.Refused(
                        400, "container \"nginx\" in pod \"web-1\" is waiting to start: ContainerCreating"));
    }
}
