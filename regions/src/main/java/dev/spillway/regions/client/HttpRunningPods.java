package dev.spillway.regions.client;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.protocol.RegionsWire;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of a region behind HTTP. Each stream has a connection of its own; the deadline is for the answer's head, never for a stream that is
 * open. Thread-safe.
 */
final class HttpRunningPods implements RunningPods, AutoCloseable {
    private static final int LONGEST_ERROR = 16 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(HttpRunningPods.class);

    private final URI base;
    private final String path;
    private final String ofCluster;
    private final Duration timeout;
    // Of streams that are open, or about to be.
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param path of the region, below {@code base}
     * @param ofCluster the query that names the cluster, from its question mark on
     */
    HttpRunningPods(URI base, String path, String ofCluster, Duration timeout) {
        this.base = base;
        this.path = path;
        this.ofCluster = ofCluster;
        this.timeout = timeout;
    }

    @Override
    public Optional<String> status(InstanceId instance) {
        return Optional.empty();
    }

    @Override
    public boolean takesWebSockets() {
        return true;
    }

    @Override
    public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
        if (!RegionsWire.isInstanceId(instance.value())) {
            return new StreamAnswer.Refused(404, "The region has no such instance.");
        }
        if (!request.container().isEmpty() && !RegionsWire.isInstanceId(request.container())) {
            return new StreamAnswer.Refused(404, "container \"%s\" not found".formatted(request.container()));
        }
        try {
            return open(
                    head(instance, pod, request), request.kind() == StreamRequest.Kind.LOG ? 200 : HttpHead.SWITCHED);
        } catch (MalformedException notForARegion) {
            return new StreamAnswer.Refused(400, notForARegion.getMessage());
        }
    }

    private StreamAnswer open(String head, int expected) {
        long end = System.nanoTime() + timeout.toNanos();
        LongSupplier nanosLeft = () -> end - System.nanoTime();
        Socket socket = new Socket();
        boolean opened = false;
        try {
            sockets.add(socket);
            if (closed) {
                return new StreamAnswer.Refused(503, "The connection to the region is being closed.");
            }
            StreamConnection connection =
                    StreamConnection.open(socket, base, head, nanosLeft, () -> sockets.remove(socket));
            opened = connection.code() == expected;
            return opened ? new StreamAnswer.Opened(connection.unlimited()) : refused(connection);
        } catch (IOException | RuntimeException failed) {
            opened = false;
            return failure(failed);
        } finally {
            if (!opened) {
                discard(socket);
            }
        }
    }

    private String head(InstanceId instance, PodUid pod, StreamRequest request) {
        StringBuilder target = new StringBuilder(base.getRawPath()).append(path).append("/instances/");
        target.append(encoded(instance.value()))
                .append(
                        switch (request.kind()) {
                            case LOG -> of(request) + "/log";
                            case EXEC -> of(request) + "/exec";
                            case ATTACH -> of(request) + "/attach";
                            case PORT_FORWARD -> "/portforward";
                        });
        target.append(ofCluster).append("&pod=").append(encoded(pod.value()));
        request.options()
                .forEach((name, values) -> values.forEach(value ->
                        target.append('&').append(encoded(name)).append('=').append(encoded(value))));
        return "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                .formatted(target, base.getRawAuthority(), UpgradeHeaders.lines(request.headers()));
    }

    private static String of(StreamRequest request) {
        return "/containers/" + encoded(request.container());
    }

    /** What the region says in place of a stream; only what can be true of the pod or the request is passed on as it is. */
    private StreamAnswer refused(StreamConnection answer) throws IOException {
        String body = new String(answer.in().readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        try {
            JsonFields error = JsonFields.parse("The answer", body).object("error");
            ErrorCode code = ErrorCode.of(error.text("code", RegionsWire.WORD), answer.code())
                    .orElse(ErrorCode.INTERNAL);
            return new StreamAnswer.Refused(httpStatus(code), RegionsWire.readMessage(error, "message"));
        } catch (MalformedException unreadable) {
            LOG.atDebug().addKeyValue("endpoint", base).setCause(unreadable).log("an answer could not be read");
            return new StreamAnswer.Refused(502, "The region answered with HTTP %d.".formatted(answer.code()));
        }
    }

    private static int httpStatus(ErrorCode code) {
        return switch (code) {
            case INVALID, CONTAINER_NOT_RUNNING, INSTANCE_NOT_FOUND, CONTAINER_NOT_FOUND, NOT_SERVED, NOT_PROCESSED ->
                code.status();
            case THROTTLED, REGION_NOT_DEFINED -> ErrorCode.NOT_PROCESSED.status();
            // Between the controller and the region: whoever wants the stream did nothing wrong.
            case UNAUTHORISED,
                    OUT_OF_STOCK,
                    NOT_OFFERED,
                    TOKEN_SPENT,
                    QUOTA_REACHED,
                    CHANGES_FORGOTTEN,
                    ALREADY_ENDED,
                    INTERNAL -> 502;
        };
    }

    private StreamAnswer failure(Exception failed) {
        LOG.atDebug().addKeyValue("endpoint", base).setCause(failed).log("a stream could not be opened");
        return switch (failed) {
            case SocketTimeoutException _ ->
                new StreamAnswer.Refused(504, "The region did not answer within %d ms.".formatted(timeout.toMillis()));
            case ConnectException _ -> new StreamAnswer.Refused(503, "No connection to the region can be made.");
            case SSLException _ -> new StreamAnswer.Refused(502, "The region is not one that TLS says to trust.");
            case UnknownHostException _ -> new StreamAnswer.Refused(503, "No connection to the region can be made.");
            default -> new StreamAnswer.Refused(502, "The region did not answer in a way that can be read.");
        };
    }

    private void discard(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a connection could not be closed");
        }
    }

    /** Ends every stream. */
    @Override
    public void close() {
        closed = true;
        sockets.forEach(this::discard);
    }

    // A path and a query both: there, a plus is a plus in one and a space in the other.
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
