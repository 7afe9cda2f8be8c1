package dev.spillway.bench.region;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Stands in front of a region's API server, on loopback in plain HTTP, and behaves as badly as it is told to. Thread-safe. */
final class NeighbourProxy implements AutoCloseable {
    private static final Duration SLOW = Duration.ofSeconds(2);
    /** How long a flapping one is down, and then up. */
    static final Duration FLAP = Duration.ofSeconds(10);

    /** When a flapping region is asked again: silent after its first second, it is closed for 5 s and then, still silent, for 10 s. */
    static final Duration REOPENED = Duration.ofSeconds(16);

    private static final int COPY_BYTES = 16 << 10;
    private static final Duration LONGEST = Duration.ofMinutes(30);
    // What HttpClient sets itself, or must not be handed on.
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "connection", "content-length", "upgrade", "http2-settings");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final URI behind;
    private final Set<HttpExchange> underWay = ConcurrentHashMap.newKeySet();
    private volatile Mood mood = Mood.CALM;
    private volatile long moodSince = System.nanoTime();

    /** How it behaves. */
    enum Mood {
        /** Hands on everything. */
        CALM(0, "calm"),
        /** Answers everything with 429. */
        THROTTLED(1, "throttled (429)"),
        /** Begins each answer 2 s late. */
        SLOW(2, "slow (2 s late)"),
        /** 10 s down, without an answer, then 10 s up, and so on. */
        FLAPPING(3, "flapping (10 s down, 10 s up)"),
        /** Answers everything with 200 and what no API server says. */
        LYING(4, "lying (200 with nonsense)");

        private final int number;
        private final String words;

        Mood(int number, String words) {
            this.number = number;
            this.words = words;
        }

        /** For the command line. */
        int number() {
            return number;
        }

        /** For the table. */
        String words() {
            return words;
        }
    }

    private NeighbourProxy(URI behind, HttpClient client, HttpServer server) {
        this.behind = behind;
        this.client = client;
        this.server = server;
    }

    /** Starts one in front of a control plane. */
    static NeighbourProxy start(Site region) throws IOException {
        return start(region.plane().server(), trusting(region));
    }

    /** Starts one in front of any server. */
    static NeighbourProxy start(URI behind, SSLContext trusting) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting)
                .build();
        var proxy = new NeighbourProxy(behind, client, server);
        server.createContext("/", proxy::answer);
        server.setExecutor(proxy.threads);
        server.start();
        return proxy;
    }

    /** Where it listens. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A kubeconfig for the server behind, changed to one that goes through here. */
    String through(String kubeconfig) {
        return kubeconfig
                .replaceAll("(?m)^ *certificate-authority-data:.*\\n", "")
                .replaceAll("(?m)^( *server:).*$", "$1 " + address());
    }

    /** Behaves so from now on; what is under way is ended, watches among it, in the middle of an answer if need be. */
    void become(Mood next) {
        long now = System.nanoTime();
        mood = next;
        moodSince = now;
        endWhatIsUnderWay();
        if (next == Mood.FLAPPING) {
            threads.execute(() -> flap(now));
        }
    }

    private void endWhatIsUnderWay() {
        underWay.forEach(HttpExchange::close);
    }

    // Who goes down takes the watches along, which began while it was up.
    private void flap(long since) {
        try {
            while (moodSince == since) {
                Thread.sleep(FLAP);
                if (moodSince == since) {
                    endWhatIsUnderWay();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void answer(HttpExchange exchange) {
        underWay.add(exchange);
        try (exchange) {
            switch (mood) {
                case CALM -> handOn(exchange);
                case THROTTLED -> {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    say(
                            exchange,
                            429,
                            "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": 429, \"reason\": \"TooManyRequests\"}");
                }
                case SLOW -> {
                    LockSupport.parkNanos(SLOW.toNanos());
                    handOn(exchange);
                }
                case FLAPPING -> {
                    if ((System.nanoTime() - moodSince) / FLAP.toNanos() % 2 == 1) {
                        handOn(exchange);
                    }
                }
                case LYING -> say(exchange, 200, "{\"kind\": \"Banana\", \"items\": 7, \"metadata\": [\"peel\"]}\n");
            }
        } catch (IOException | IllegalArgumentException e) {
            // One of both sides went away: the exchange is closed, which the other one sees.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.remove(exchange);
        }
    }

    private static void say(HttpExchange exchange, int code, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void handOn(HttpExchange exchange) throws IOException, InterruptedException {
        var body = exchange.getRequestBody().readAllBytes();
        var request = HttpRequest.newBuilder(
                        behind.resolve(exchange.getRequestURI().toString()))
                .timeout(LONGEST)
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.headers()
                .firstValue("content-type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        exchange.sendResponseHeaders(answer.statusCode(), 0); // in chunks, however long it is
        try (var in = answer.body()) {
            copy(in, exchange);
        }
    }

    // Each piece as it comes: a watch has no end.
    private static void copy(InputStream in, HttpExchange exchange) throws IOException {
        var buffer = new byte[COPY_BYTES];
        var out = exchange.getResponseBody();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private static SSLContext trusting(Site region) throws IOException {
        try (var file = Files.newInputStream(region.plane().certificateAuthority())) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "region", CertificateFactory.getInstance("X.509").generateCertificate(file));
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("This JDK cannot trust the region's certificate.", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
