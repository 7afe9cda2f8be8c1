package dev.spillway.bench.embedded;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.Distribution;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How long fresh JVMs take until a request from outside is answered.
 *
 * @param fromLaunch from asking for the process
 * @param fromCall from calling {@code EmbeddedClusterHost.start}
 */
record StartUp(Distribution fromLaunch, Distribution fromCall) {
    private static final String REQUEST =
            "GET /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";

    private static final int MOST_MILLIS = 20_000;
    private static final int PIECE_BYTES = 4 << 10;

    /** Starts one after the other. */
    static StartUp measure(int times, List<String> options) {
        var fromLaunch = new ArrayList<Duration>();
        var fromCall = new ArrayList<Duration>();
        for (int i = 0; i < times; i++) {
            try (var server = Server.start(options)) {
                ask(server);
                var answered = Instant.now();
                fromLaunch.add(Duration.between(server.launched(), answered));
                fromCall.add(Duration.between(server.called(), answered));
            }
        }
        return new StartUp(Distribution.of(fromLaunch), Distribution.of(fromCall));
    }

    // A bare socket: a client library's own first request takes longer than what is measured here.
    private static void ask(Server server) {
        try (var socket =
                new Socket(server.endpoint().getHost(), server.endpoint().getPort())) {
            socket.setSoTimeout(MOST_MILLIS);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.UTF_8));
            // The head and a small body come at once, or in two pieces.
            var answer = new StringBuilder();
            var piece = new byte[PIECE_BYTES];
            while (answer.indexOf("kube-system") < 0) {
                int read = socket.getInputStream().read(piece);
                if (read < 0 || (!answer.isEmpty() && answer.indexOf("HTTP/1.1 200") != 0)) {
                    throw new BenchmarkException("The first request was answered with: " + answer);
                }
                answer.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new BenchmarkException("The first request got no answer: " + e.getMessage(), e);
        }
    }
}
