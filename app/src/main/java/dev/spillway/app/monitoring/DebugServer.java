package dev.spillway.app.monitoring;

import dev.spillway.recording.recorder.Recording;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * For who looks into a process on its own machine or through {@code kubectl port-forward}: {@code /debug/snapshot}, a recording. It has names, labels
 * and images of all pods, so it listens at 127.0.0.1 alone, whatever the health server does. Where a request comes from says nothing: what a sidecar hands
 * on comes from there, too.
 */
public final class DebugServer implements AutoCloseable {
    private final WebServer web;

    private DebugServer(WebServer web) {
        this.web = web;
    }

    /**
     * Starts serving.
     *
     * @param port of 127.0.0.1; 0 = any free one
     * @param recorded what {@code spillway replay} reads; empty where there is nothing. Called by several threads at once
     * @throws UncheckedIOException where the port cannot be had; the message names it and says what to do
     */
    public static DebugServer start(int port, Supplier<Optional<Recording.Copy>> recorded) {
        var here = InetAddress.ofLiteral("127.0.0.1");
        HealthServer.requireFree(here, port, "--debug-port");
        var web = WebServer.builder()
                .address(here)
                .host(here.getHostAddress())
                .port(port)
                .shutdownHook(false)
                .addRouting(HttpRouting.builder()
                        .get("/debug/snapshot", (_, response) -> snapshot(response, recorded.get())))
                .build();
        return new DebugServer(web.start());
    }

    /** The port that it serves on. */
    public int port() {
        return web.port();
    }

    /** Stops serving. */
    @Override
    public void close() {
        web.stop();
    }

    private static void snapshot(ServerResponse response, Optional<Recording.Copy> copy) {
        if (copy.isEmpty()) {
            response.status(Status.NOT_FOUND_404)
                    .send("Nothing is recorded here: another controller leads, or --record is off.\n");
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/gzip")
                .header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"spillway.jsonl.gz\"");
        try (var out = response.outputStream()) {
            copy.get().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
