package dev.spillway.kube.loopback;

import dev.spillway.kube.http.KubeConnection;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** Speaks HTTP/1.1 with kept connections; each request is handled by its connection's own thread. */
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket listener;
    private final String clusterLines;
    private final Handler handler;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What the server does with a request. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws IOException;
    }

    public LoopbackServer(Handler handler) {
        this(listener(ServerSocketFactory.getDefault()), "server: \"http://127.0.0.1:%d\"", handler);
    }

    private LoopbackServer(ServerSocket listener, String clusterLines, Handler handler) {
        this.listener = listener;
        this.clusterLines = clusterLines.formatted(listener.getLocalPort());
        this.handler = handler;
        Thread.ofVirtual().start(this::accept);
    }

    /** One that speaks TLS, with a certificate of its own that its kubeconfig trusts; the folder takes the key. */
    public static LoopbackServer tls(Path folder, Handler handler) {
        var identity = TlsIdentity.make(folder);
        return new LoopbackServer(
                listener(identity.context().getServerSocketFactory()),
                "server: \"https://127.0.0.1:%d\", certificate-authority-data: " + identity.base64(),
                handler);
    }

    private static ServerSocket listener(ServerSocketFactory factory) {
        try {
            return factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Every request so far, in order of arrival. */
    public List<Call> calls() {
        return calls;
    }

    /** A connection to this server by a kubeconfig written into the folder. */
    public KubeConnection connection(Path folder) {
        return KubeConnection.open(writeKubeconfig(folder, "secret"), "spillway-test");
    }

    public Path writeKubeconfig(Path folder, String token) {
        try {
            return Files.writeString(folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {%s}}]
                    users: [{name: u, user: {token: %s}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """.formatted(clusterLines, token));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Blocks until the server is closed. */
    public void hang() {
        pause(Long.MAX_VALUE);
    }

    /** Blocks for so long, or until the server is closed. */
    public void pause(long millis) {
        try {
            closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                sockets.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, number));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                var call = read(in, socket, number);
                if (call == null) {
                    return;
                }
                calls.add(call);
                handler.handle(call);
            }
        } catch (IOException e) {
            // the client went away
        }
    }

    private static @org.jspecify.annotations.Nullable Call read(InputStream in, Socket socket, int number)
            throws IOException {
        var first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        var parts = first.split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Call(parts[0], parts[1], headers, body, number, socket);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** One request, and the ways to answer it. */
    public record Call(
            String method, String path, Map<String, String> headers, String body, int connection, Socket socket) {
        public String line() {
            return method + " " + path;
        }

        public void respond(int code, String text, String... headerLines) throws IOException {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            write(head(code, headerLines) + "Content-Length: " + bytes.length + "\r\n\r\n");
            write(bytes);
        }

        public void startChunks(int code) throws IOException {
            write(head(code) + "Transfer-Encoding: chunked\r\n\r\n");
        }

        public void chunk(String text) throws IOException {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            write(Integer.toHexString(bytes.length) + "\r\n");
            write(bytes);
            write("\r\n");
        }

        public void endChunks() throws IOException {
            write("0\r\n\r\n");
        }

        public void write(String raw) throws IOException {
            write(raw.getBytes(StandardCharsets.UTF_8));
        }

        /** Closes the connection as it is. */
        public void hangUp() throws IOException {
            socket.close();
        }

        private void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        private static String head(int code, String... headerLines) {
            var head = new StringBuilder("HTTP/1.1 " + code + " X\r\nContent-Type: application/json\r\n");
            for (var line : headerLines) {
                head.append(line).append("\r\n");
            }
            return head.toString();
        }
    }
}
