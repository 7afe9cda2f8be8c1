package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.RegionId;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.MalformedException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated regions behind HTTP, on loopback, as a cloud would be: it holds stock and instances, and a controller that dies leaves
 * it running. What a cluster calls is {@link CloudApi} and {@link StreamApi}, what whoever runs the simulation calls is {@link AdminApi}.
 *
 * <p>It starts with nothing and forgets everything at its end; its epoch tells clients that it started anew. Thread-safe.
 */
public final class SimulatedRegionsServer implements AutoCloseable, RegionSource.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedRegionsServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    // A request is one pod, a definition at most 64 lines of stock.
    private static final long MOST_BYTES = 1 << 20;
    private static final int LONGEST_REQUEST_LINE = 1 << 16;
    private static final int MOST_STREAMS = 1000;

    private final SharedRegions regions;
    private final RegionDefinitionReader reader = new RegionDefinitionReader(StockTraceFile::read);
    private final List<RegionSource> sources = new ArrayList<>();
    private final StreamSlots slots = new StreamSlots(MOST_STREAMS);
    private final WebServer web;

    private SimulatedRegionsServer(int port, InstantSource decisionClock, InstantSource wallClock, int changesKept) {
        // Start time in the id: no id of this server was ever one of an earlier server.
        String epoch = Long.toString(wallClock.instant().toEpochMilli(), 36);
        regions = new SharedRegions(new SimulatedRegions("i-" + epoch, changesKept), decisionClock, wallClock);
        HttpRouting.Builder routing = HttpRouting.builder()
                .register("/v1", new AdminApi(regions, reader))
                .register("/v1/regions", new CloudApi(regions, epoch))
                .register("/v1/regions", new StreamApi(regions, slots))
                .error(
                        MalformedException.class,
                        (request, response, malformed) ->
                                JsonReplies.sendError(response, ErrorCode.INVALID, malformed.getMessage()));
        Http1ConnectionSelector http = Http1ConnectionSelector.builder()
                // A command is in the request's first line.
                .config(Http1Config.builder()
                        .maxPrologueLength(LONGEST_REQUEST_LINE)
                        .build())
                .addUpgrader(new ExecUpgrader(regions, slots))
                .build();
        web = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .host(LOOPBACK)
                .port(port)
                .maxPayloadSize(MOST_BYTES)
                .shutdownHook(false)
                .addConnectionSelector(http)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .addRouting(routing)
                .build();
    }

    /**
     * Starts a server on 127.0.0.1.
     *
     * @param port 0 = any free one
     * @param clock in whose time stock changes and instances start and end; may be ahead of wall time, and jump ahead
     * @throws UncheckedIOException where the port cannot be had; the message names it and says what to do
     */
    public static SimulatedRegionsServer start(int port, InstantSource clock) {
        return start(port, clock, SimulatedRegions.CHANGES_KEPT);
    }

    /** The same, with another number of latest changes of each region that are remembered. */
    public static SimulatedRegionsServer start(int port, InstantSource clock, int changesKept) {
        return start(port, clock, InstantSource.system(), changesKept);
    }

    /** The same, with another clock for what containers write. */
    static SimulatedRegionsServer start(int port, InstantSource clock, InstantSource wallClock, int changesKept) {
        requireFree(port);
        SimulatedRegionsServer server = new SimulatedRegionsServer(port, clock, wallClock, changesKept);
        server.regions.start();
        server.web.start();
        LOG.atInfo().addKeyValue("endpoint", server.endpoint()).log("simulated regions serve");
        return server;
    }

    /** The base URL that clusters and administrators use. */
    public URI endpoint() {
        return URI.create("http://%s:%d".formatted(LOOPBACK, web.port()));
    }

    /** How many streams from containers are open. */
    int openStreams() {
        return slots.taken();
    }

    /** Takes definitions from a source from now on; closes it at the end. */
    public void follow(RegionSource source) {
        synchronized (sources) {
            sources.add(source);
        }
        source.start(this);
    }

    /** Takes a Region's spec; one that is not simulated is none of this server's. */
    @Override
    public String declared(RegionId region, JsonNode spec) {
        JsonNode type = spec.path("backend").path("type");
        if (type.isTextual() && !type.textValue().equals("Simulated")) {
            removed(region);
            return "";
        }
        try {
            RegionDefinition definition = reader.read(region, spec);
            regions.change((all, now) -> all.define(region, definition, now));
            return "";
        } catch (MalformedException malformed) {
            String problem = malformed.getMessage();
            LOG.atWarn().addKeyValue("problem", problem).log("region definition cannot be used");
            regions.change((all, now) -> all.reject(region, problem));
            return problem;
        }
    }

    @Override
    public void removed(RegionId region) {
        regions.change((all, now) -> all.undefine(region, now));
    }

    /** Stops following and serving. */
    @Override
    public void close() {
        synchronized (sources) {
            sources.forEach(RegionSource::close);
            sources.clear();
        }
        regions.close();
        web.stop();
    }

    // The web server's own failure does not name the port.
    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException taken) {
            throw new UncheckedIOException(
                    "Port %d of %s cannot be used (%s); choose another one, or end the process that has it."
                            .formatted(port, LOOPBACK, taken.getMessage()),
                    taken);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "Port %d of %s cannot be opened: %s.".formatted(port, LOOPBACK, broken.getMessage()), broken);
        }
    }
}
