package dev.spillway.app.monitoring;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * What a kubelet and a Prometheus ask of the process: {@code /livez}, also as {@code /healthz}, whether it should be restarted, {@code /readyz}
 * whether it does its work or stands by for it, {@code /metrics}. Reads only, without authentication.
 */
public final class HealthServer implements AutoCloseable {
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final WebServer web;

    /** A yes or no with a line for people. */
    public record Health(boolean ok, String text) {}

    /** What is asked; called by several threads at once. */
    public interface Answers {
        /** Whether only a restart helps. */
        Health alive();

        /** Whether it does its work, or stands by for it. */
        Health ready();

        /** As Prometheus text. */
        String metrics();
    }

    private HealthServer(WebServer web) {
        this.web = web;
    }

    /**
     * Starts serving.
     *
     * @param port 0 = any free one
     * @throws UncheckedIOException where the port cannot be had; the message names it and says what to do
     */
    public static HealthServer start(InetAddress address, int port, Answers answers) {
        requireFree(address, port, "--port");
        var routing = HttpRouting.builder()
                .get("/healthz", (request, response) -> send(response, answers.alive()))
                .get("/livez", (request, response) -> send(response, answers.alive()))
                .get("/readyz", (request, response) -> send(response, answers.ready()))
                .get(
                        "/metrics",
                        (request, response) -> response.header(HeaderNames.CONTENT_TYPE, METRICS)
                                .send(answers.metrics()));
        var web = WebServer.builder()
                .address(address)
                .host(address.getHostAddress())
                .port(port)
                .shutdownHook(false)
                .addRouting(routing)
                .build();
        return new HealthServer(web.start());
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

    private static void send(ServerResponse response, Health health) {
        response.status(health.ok() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send(health.text() + "\n");
    }

    // The web server's own failure does not name the port.
    static void requireFree(InetAddress address, int port, String option) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Port %d of %s cannot be used (%s); choose another one with %s, or end the process that has it."
                            .formatted(port, address.getHostAddress(), e.getMessage(), option),
                    e);
        }
    }
}
