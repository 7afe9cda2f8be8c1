package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 with kept connections to one API server, in the calling thread; meant for virtual threads. A mutating request is
 * written at most once: where its answer is lost, the caller is told so. A read that met a kept connection just closed by
 * the server is sent once more, on a new one. After a 429 the next requests wait as long as the server asked, at most 10 s
 * and never beyond their deadline. Why it is hand-written: decisions/0003. Thread-safe.
 */
public final class ApiClient implements Sender, AutoCloseable {
    // The API server closes connections that were idle for 90 s (kube-apiserver, IdleTimeout); long before it, none is
    // reused.
    private static final long LONGEST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LONGEST_HOLD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int LARGEST_BODY = 64 * 1024 * 1024;

    private final KubeConnection connection;
    private final Semaphore permits;
    private final AtomicLong heldUntilNanos = new AtomicLong(System.nanoTime());
    private final Set<Wire> open = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private final Deque<Wire> idle = new ArrayDeque<>(); // guarded by itself; last used first
    private volatile boolean closed;

    /** A client with at most so many requests of {@link #send} at once; {@link #open} and {@link #upgrade} come on top. */
    public ApiClient(KubeConnection connection, int atOnce) {
        this.connection = connection;
        this.permits = new Semaphore(atOnce, true);
    }

    /** The connection it sends through. */
    public KubeConnection connection() {
        return connection;
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        LongSupplier left = () -> end - System.nanoTime();
        awaitTurn(left);
        try {
            return exchange(request, left);
        } finally {
            permits.release();
        }
    }

    /**
     * Opens a response that is read as it comes, such as a list or a watch, on a connection of its own. Every wait for more is
     * limited to {@code longestSilence}, after which reading throws {@link SocketTimeoutException}. Close it when done; another thread's
     * close ends a read.
     */
    public ResponseStream open(ApiRequest request, Duration longestSilence) throws IOException {
        if (request.isMutating()) {
            throw new IllegalArgumentException(
                    "Only reads are streamed, not %s %s.".formatted(request.method(), request.path()));
        }
        var access = connection.access();
        long connectNanos = Math.min(longestSilence.toNanos(), LONGEST_CONNECT_NANOS);
        var wire = connect(access, () -> connectNanos);
        try {
            wire.limit(longestSilence::toNanos);
            wire.write(bytes(access, request));
            var head = wire.readHead();
            if (head.code() == 401) {
                connection.refused(access);
            }
            return new ResponseStream(wire, head, wire.body(head), () -> open.remove(wire));
        } catch (IOException | RuntimeException e) {
            discard(wire);
            throw e;
        }
    }

    /**
     * Asks for another protocol on a connection of its own, at most once; credentials are added. Any answer comes back, also one that is not 101. The
     * deadline is for the answer, and for reading the body of one that is not 101; a stream that is open has none.
     *
     * @param request without a body
     * @param protocol the headers that ask: Connection, Upgrade, X-Stream-Protocol-Version, Sec-WebSocket-..., each with its values in order
     * @throws IOException where there was no answer within the deadline: what was asked for may have begun
     * @throws IllegalArgumentException for another header, or one that is more than a line
     */
    public DuplexStream upgrade(ApiRequest request, Map<String, List<String>> protocol, Duration deadline)
            throws IOException {
        if (!request.body().isEmpty()) {
            throw new IllegalArgumentException("A request for another protocol has no body.");
        }
        var asking = ProtocolHeaders.lines(protocol);
        long end = System.nanoTime() + deadline.toNanos();
        LongSupplier left = () -> end - System.nanoTime();
        var access = connection.access();
        var wire = connect(access, left);
        try {
            wire.keepAlive();
            wire.write(RequestBytes.of(access, connection.userAgent(), request, asking));
            var head = wire.readHead();
            if (head.code() == 401) {
                connection.refused(access);
            }
            Runnable forget = () -> open.remove(wire);
            if (head.code() != Wire.SWITCHING_PROTOCOLS) {
                return new DuplexStream(wire, head, wire.lastBody(head), OutputStream.nullOutputStream(), forget);
            }
            wire.limit(Wire.UNLIMITED);
            return new DuplexStream(wire, head, wire.rest(), wire.out(), forget);
        } catch (IOException | RuntimeException e) {
            discard(wire);
            throw e;
        }
    }

    /** Closes every connection; requests under way end with an {@link IOException}. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Wire::close);
    }

    private void awaitTurn(LongSupplier left) throws IOException {
        try {
            long hold = heldUntilNanos.get() - System.nanoTime();
            if (hold > 0) {
                if (hold >= left.getAsLong()) {
                    throw new IOException("The API server asked to wait (429) for longer than the deadline allows.");
                }
                LockSupport.parkNanos(hold);
            }
            if (!permits.tryAcquire(left.getAsLong(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("No connection became free before the deadline.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Interrupted while waiting for a connection.").initCause(e);
        }
    }

    private ApiResponse exchange(ApiRequest request, LongSupplier left) throws IOException {
        var access = connection.access();
        var kept = takeIdle(access);
        if (kept != null) {
            try {
                return exchange(kept, request, left);
            } catch (Wire.NoResponseException e) {
                if (request.isMutating()) {
                    throw e;
                }
            }
        }
        return exchange(connect(access, left), request, left);
    }

    private ApiResponse exchange(Wire wire, ApiRequest request, LongSupplier left) throws IOException {
        try {
            wire.limit(left);
            wire.write(bytes(wire.access(), request));
            var head = wire.readHead();
            var body = text(wire.body(head));
            if (head.code() == 401) {
                connection.refused(wire.access());
            }
            if (head.code() == 429) {
                hold(head.header("retry-after"));
            }
            if (head.endsConnection()) {
                discard(wire);
            } else {
                keep(wire);
            }
            var response = new ApiResponse(head.code(), body, head.header("retry-after"));
            return response.isSuccess()
                    ? response
                    : new ApiResponse(head.code(), wire.access().withoutCredentials(body), response.retryAfter());
        } catch (IOException | RuntimeException e) {
            discard(wire);
            throw e;
        }
    }

    private Wire connect(Access access, LongSupplier left) throws IOException {
        Wire wire;
        try {
            wire = Wire.connect(access, left);
        } catch (IOException e) {
            throw new IOException("%s cannot be reached: %s".formatted(access.server(), Kubeconfig.reason(e)), e);
        }
        wire.limit(left);
        open.add(wire);
        if (closed) {
            discard(wire);
            throw new IOException("The client is closed.");
        }
        return wire;
    }

    private @Nullable Wire takeIdle(Access access) {
        while (true) {
            Wire wire;
            synchronized (idle) {
                wire = idle.pollFirst();
            }
            if (wire == null) {
                return null;
            }
            if (wire.access().equals(access) && wire.isFresh(LONGEST_IDLE_NANOS)) {
                return wire;
            }
            discard(wire);
        }
    }

    private void keep(Wire wire) {
        wire.markIdle();
        List<Wire> stale = new ArrayList<>();
        synchronized (idle) {
            idle.addFirst(wire);
            // Used last first, so the longest idle are at the end: after a burst they go one by one.
            while (idle.size() > 1 && !idle.peekLast().isFresh(LONGEST_IDLE_NANOS)) {
                stale.add(idle.removeLast());
            }
        }
        stale.forEach(this::discard);
        if (closed) {
            discard(wire);
        }
    }

    private void discard(Wire wire) {
        open.remove(wire);
        wire.close();
    }

    private void hold(String retryAfter) {
        long seconds;
        try {
            seconds = retryAfter.isEmpty() ? 1 : Long.parseLong(retryAfter);
        } catch (NumberFormatException e) {
            seconds = 1; // the header's other form, a date, is not used by API servers
        }
        long until = System.nanoTime() + Math.clamp(TimeUnit.SECONDS.toNanos(seconds), 0, LONGEST_HOLD_NANOS);
        heldUntilNanos.accumulateAndGet(until, (a, b) -> a - b > 0 ? a : b);
    }

    private byte[] bytes(Access access, ApiRequest request) {
        return RequestBytes.of(access, connection.userAgent(), request, "");
    }

    private static String text(InputStream body) throws IOException {
        var bytes = new ByteArrayOutputStream(1024);
        var part = new byte[8192];
        int count;
        while ((count = body.read(part)) >= 0) {
            bytes.write(part, 0, count);
            if (bytes.size() > LARGEST_BODY) {
                throw new IOException("The server's response is larger than %d bytes.".formatted(LARGEST_BODY));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
