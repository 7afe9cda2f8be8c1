package dev.spillway.kubelet;

import dev.spillway.core.model.NodeName;
import dev.spillway.kube.http.EventsOnce;
import dev.spillway.kube.http.Sender;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.ClientAuthority;
import dev.spillway.kubelet.certificate.KeyAndChain;
import dev.spillway.kubelet.http.HeadReader;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.Replies;
import dev.spillway.kubelet.http.ServingTls;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.kubelet.pods.PodLists;
import dev.spillway.kubelet.usage.NodeUsages;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kubelet's HTTP API of the virtual nodes, over TLS: what the home cluster's API server asks for when somebody says {@code kubectl logs}, {@code
 * exec}, {@code attach} or {@code port-forward}, and what metrics-server and Prometheus read. Each virtual node has a port of its own; streams of any
 * pod come over any of them. One request per connection. Thread-safe.
 */
public final class KubeletServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2); // but for a stream
    private static final Duration LONGEST_EVENT = Duration.ofSeconds(10);
    private static final int LONGEST_GOODBYE_MILLIS = 1_000;
    private static final int CONNECTIONS_BESIDE_STREAMS = 200;
    private static final int SHARE_KEPT_FROM_ONE_REGION = 10; // one of so many places

    private final NodeListeners listeners;
    private final NodeUsages usages;
    private final ServingTls tls;
    private final KubeletApi api;
    private final StreamCount streams;
    private final Limits limits;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor deadlines;
    private volatile boolean closed;

    /**
     * What clients are held to.
     *
     * @param streams so many at once
     * @param streamsOfRegion so many of them to pods of one region
     * @param connections so many at once, those of streams among them; more are closed at once
     * @param request for the handshake and the head of a request
     * @param silence of one side of a stream, after the other one has ended
     */
    record Limits(int streams, int streamsOfRegion, int connections, Duration request, Duration silence) {}

    /**
     * What it tells.
     *
     * @param pods from memory
     * @param home asked for what memory does not have, and told what regions do not serve
     * @param clock wall time, for what is told
     */
    public record Sources(HomePods pods, Sender home, InstantSource clock) {}

    private KubeletServer(
            InetAddress address, int firstPort, ServingTls tls, Authorizer authorizer, Sources sources, Limits limits) {
        this.tls = tls;
        this.limits = limits;
        this.streams = new StreamCount(limits.streams(), limits.streamsOfRegion());
        this.usages = new NodeUsages(sources.pods());
        var events = new EventsOnce(sources.home(), LONGEST_EVENT, sources.clock());
        var carrier = new StreamCarrier(streams, new UnservedStreams(events), limits.silence());
        this.api = new KubeletApi(
                authorizer, sources.pods(), carrier, new NodeFigures(usages, new PodLists(sources.home())));
        this.deadlines = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("kubelet-deadlines").factory());
        this.deadlines.setRemoveOnCancelPolicy(true);
        this.listeners = new NodeListeners(address, firstPort, this::accepted);
    }

    /**
     * Starts a server, which serves nothing before {@link #open}.
     *
     * @param firstPort the lowest that a node gets, the others get the next ones that are free; 0 = any free ones
     * @param identity what it serves with until {@link #serve} says otherwise
     * @param mostStreams so many at once over all virtual nodes, nine tenths of them to pods of one region; more are answered with 429
     * @throws UncheckedIOException where the address cannot be had; the message names it and says what to do
     */
    public static KubeletServer start(
            InetAddress address,
            int firstPort,
            KeyAndChain identity,
            Authorizer authorizer,
            Sources sources,
            int mostStreams) {
        var limits = new Limits(
                mostStreams,
                mostStreams - mostStreams / SHARE_KEPT_FROM_ONE_REGION,
                mostStreams + CONNECTIONS_BESIDE_STREAMS,
                LONGEST_REQUEST,
                LONGEST_SILENCE);
        return start(address, firstPort, identity, authorizer, sources, limits);
    }

    static KubeletServer start(
            InetAddress address,
            int firstPort,
            KeyAndChain identity,
            Authorizer authorizer,
            Sources sources,
            Limits limits) {
        var authorities = authorizer.clients().map(ClientAuthority::authorities).orElse(List.of());
        return new KubeletServer(
                address, firstPort, new ServingTls(identity, authorities), authorizer, sources, limits);
    }

    /**
     * Opens the port of a virtual node, which stays the same until it is closed.
     *
     * @return the port
     * @throws IOException where none can be had; the message says what to do
     */
    public int open(NodeName node) throws IOException {
        return listeners.open(node);
    }

    /** Closes the port of a node that is gone; what is under way on it goes on. */
    public void close(NodeName node) {
        listeners.close(node);
        usages.removed(node);
    }

    /** How many nodes have a port. */
    public int nodes() {
        return listeners.count();
    }

    /** Serves new connections with another key and certificate. */
    public void serve(KeyAndChain identity) {
        tls.serve(identity);
    }

    /** Streams of this kind that are open or being opened. */
    public int openStreams(Kind kind) {
        return streams.open(kind);
    }

    /** How many streams were refused because there were too many, since the start. */
    public long refusedStreams() {
        return streams.refused();
    }

    /** Connections that are open, streams among them. */
    public int connections() {
        return open.size();
    }

    /** Stops serving; streams end. */
    @Override
    public void close() {
        closed = true;
        listeners.close();
        open.forEach(KubeletServer::closeQuietly);
        deadlines.shutdownNow();
    }

    private void accepted(NodeName node, Socket socket) {
        if (open.size() >= limits.connections()) {
            closeQuietly(socket);
            return;
        }
        open.add(socket);
        Thread.ofVirtual().name("kubelet").start(() -> serve(node, socket));
    }

    private void serve(NodeName node, Socket socket) {
        var deadline = new AtomicReference<Future<?>>(CompletableFuture.completedFuture(null));
        try (socket) {
            if (closed) {
                return;
            }
            deadline.set(closeAfter(limits.request(), socket));
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            var secured = tls.accept(socket);
            try (var peer = new Peer(socket, secured)) {
                converse(node, peer, socket, deadline);
                secured.setSoTimeout(LONGEST_GOODBYE_MILLIS);
                sayGoodbye(peer);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a connection to the kubelet API ended early");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            deadline.get().cancel(false);
            open.remove(socket);
        }
    }

    private void converse(NodeName node, Peer peer, Socket socket, AtomicReference<Future<?>> deadline)
            throws IOException, InterruptedException {
        try {
            var head = new HeadReader(peer.in()).read();
            deadline.getAndSet(closeAfter(LONGEST_ANSWER, socket)).cancel(false);
            api.answer(node, head, peer, () -> deadline.get().cancel(false));
        } catch (HttpProblem e) {
            Replies.text(peer.out(), e.code(), e.text() + "\n");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a request to the kubelet API failed");
            Replies.text(peer.out(), 500, "Internal error\n");
        }
    }

    /**
     * Lets the client read its answer: were the connection closed while something of the client's is unread, the system would throw the answer away. A
     * client that has closed already costs nothing.
     */
    private static void sayGoodbye(Peer peer) {
        try {
            peer.endOutput();
            for (int left = HeadReader.LARGEST; left > 0; ) {
                var skipped = peer.in().read(new byte[8192]);
                if (skipped < 0) {
                    return;
                }
                left -= skipped;
            }
        } catch (IOException e) {
            // It is gone, or takes too long.
        }
    }

    private Future<?> closeAfter(Duration time, Socket socket) {
        return deadlines.schedule(() -> closeQuietly(socket), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    static void closeQuietly(AutoCloseable it) {
        try {
            it.close();
        } catch (Exception e) {
            // It is gone either way.
        }
    }
}
