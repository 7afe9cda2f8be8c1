package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.simulated.exec.ExecRequest;
import dev.spillway.regions.simulated.websocket.Handshake;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a WebSocket of a request for an exec or attach. One that cannot be granted is left to {@link StreamApi}, which says why: the same checks
 * are made there. Thread-safe.
 */
final class ExecUpgrader implements Http1Upgrader {
    private static final Pattern PATH =
            Pattern.compile("/v1/regions/([^/]+)/instances/([^/]+)/containers/([^/]+)/(exec|attach)");
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");

    private final SharedRegions regions;
    private final StreamSlots slots;

    ExecUpgrader(SharedRegions regions, StreamSlots slots) {
        this.regions = regions;
        this.slots = slots;
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    @Override
    @SuppressWarnings("NullAway") // of the interface: null leaves the request as it is
    public @Nullable ServerConnection upgrade(
            ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        Matcher path = PATH.matcher(prologue.uriPath().path());
        Optional<Handshake> handshake = handshake(headers);
        if (!path.matches() || handshake.isEmpty() || !prologue.method().equals(Method.GET)) {
            return null;
        }
        ExecRequest wanted;
        try {
            wanted = request(prologue, path.group(4).equals("exec"));
        } catch (MalformedException malformed) {
            return null;
        }
        Optional<LiveContainer> container = container(prologue, path);
        Optional<StreamSlots.Slot> slot = container.isPresent() ? slots.take() : Optional.empty();
        if (container.isEmpty() || slot.isEmpty()) {
            return null;
        }
        ExecConnection exec = new ExecConnection(
                connection, container.get(), wanted, handshake.get().protocol(), slot.get());
        connection.dataWriter().writeNow(BufferData.create(handshake.get().answer()));
        return exec;
    }

    /** What a client asks for; empty where it is not a WebSocket that is spoken here. */
    static Optional<Handshake> handshake(Headers headers) {
        boolean isWebSocket = headers.first(HeaderNames.UPGRADE).orElse("").equals("websocket");
        List<String> offered =
                headers.contains(PROTOCOL) ? headers.get(PROTOCOL).allValues() : List.of();
        return isWebSocket
                ? Handshake.read(
                        headers.first(KEY).orElse(""),
                        headers.first(VERSION).orElse(""),
                        offered,
                        ExecRequest.PROTOCOLS)
                : Optional.empty();
    }

    static ExecRequest request(HttpPrologue prologue, boolean isExec) {
        return ExecRequest.read(isExec, name -> prologue.query().all(name, List::of));
    }

    private Optional<LiveContainer> container(HttpPrologue prologue, Matcher path) {
        RegionId region = new RegionId(path.group(1));
        InstanceId id = new InstanceId(path.group(2));
        String cluster = prologue.query().first("cluster").orElse("");
        Reply<FindAnswer> reply = regions.at((all, now) -> all.describe(region, cluster, id, now));
        return reply.delivery() == Reply.Delivery.ANSWERED
                        && reply.answer() instanceof FindAnswer.Found found
                        && StreamApi.isOf(
                                found.instance(), prologue.query().first("pod").orElse(""))
                        && LiveContainer.findRunning(regions, found.instance(), path.group(3))
                                instanceof LiveContainer.Lookup.Found(LiveContainer container)
                ? Optional.of(container)
                : Optional.empty();
    }
}
