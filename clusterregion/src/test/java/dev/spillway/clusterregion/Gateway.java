package dev.spillway.clusterregion;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands before an API server and can be made to misbehave, request by request. */
public final class Gateway implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final URI upstream;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();
    private final AtomicInteger scripted = new AtomicInteger();
    private final int port;
    private HttpServer server;
    private boolean isUp = true;
    private volatile Script script = call -> null;

    /** One that lets everything through, on a port of its own. */
    public Gateway(URI upstream) {
        this.upstream = upstream;
        this.server = start(0);
        this.port = server.getAddress().getPort();
    }

    /** A request that came in. */
    public record Call(String method, String path, String body, HttpExchange exchange) {
        /** A watch of pods. */
        boolean isWatch() {
            return path.startsWith("/api/v1/pods?") && staysOpen();
        }

        private boolean staysOpen() {
            return path.contains("watch=1");
        }

        /** A list of pods that is no watch. */
        boolean isList() {
            return method.equals("GET") && path.startsWith("/api/v1/pods?") && !isWatch();
        }

        /** One that makes or ends a pod. */
        boolean isPodWrite() {
            return !method.equals("GET") && path.contains("/pods");
        }
    }

    /** What is answered. */
    public record Answer(int code, Map<String, String> headers, String body) {
        /** None: the connection ends. */
        static final Answer LOST = new Answer(0, Map.of(), "");

        /** A Status with that code. */
        public static Answer status(int code, String reason, String message) {
            return new Answer(
                    code,
                    Map.of("Content-Type", "application/json"),
                    "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": %d, \"reason\": \"%s\", \"message\": \"%s\"}"
                            .formatted(code, reason, message));
        }
    }

    /** Says what a request is answered; null: it reaches the server. */
    public interface Script {
        /** The answer to one request. */
        @Nullable
        Answer on(Call call) throws IOException, InterruptedException;
    }

    /** Where clients reach it. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** From now on requests go by the script; watches under way are cut. */
    public void script(Script next) {
        script = next;
        scripted.set(0);
        if (!isUp) {
            server = start(port);
            isUp = true;
        }
        cutWatches();
    }

    /** Requests answered by the script since it came. */
    int scripted() {
        return scripted.get();
    }

    /** From now on nobody listens here. */
    void tearDown() {
        server.stop(0);
        isUp = false;
        cutWatches();
    }

    void cutWatches() {
        watches.forEach(Gateway::closeQuietly);
    }

    @Override
    public void close() {
        script = call -> null;
        tearDown();
        client.shutdownNow();
    }

    private HttpServer start(int where) {
        try {
            var started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), where), 1024);
            started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            started.createContext("/", this::handle);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var call = new Call(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, exchange);
            var answer = script.on(call);
            if (answer == null) {
                forward(call);
                return;
            }
            scripted.incrementAndGet();
            if (!answer.equals(Answer.LOST)) {
                send(exchange, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Asks the server and passes its answer on. */
    void forward(Call call) throws IOException, InterruptedException {
        var response = ask(call);
        try (var body = response.body()) {
            if (call.staysOpen()) {
                watches.add(body);
            }
            var headers = call.exchange().getResponseHeaders();
            response.headers().firstValue("content-type").ifPresent(type -> headers.set("Content-Type", type));
            call.exchange().sendResponseHeaders(response.statusCode(), 0);
            var buffer = new byte[16 * 1024];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                call.exchange().getResponseBody().write(buffer, 0, read);
                call.exchange().getResponseBody().flush();
            }
        } finally {
            watches.remove(response.body());
        }
    }

    /** Has the server carry it out. */
    HttpResponse<InputStream> ask(Call call) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(upstream.resolve(call.path()))
                .method(
                        call.method(),
                        call.body().isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(call.body()));
        var type = call.exchange().getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            request.header("Content-Type", type);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException alreadyClosed) {
            // It is closed.
        }
    }
}
