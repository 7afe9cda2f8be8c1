package dev.spillway.kubelet;

import dev.spillway.core.model.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening port for each virtual node, since a request names no node (decision 0020). Each waits in a virtual thread: a thousand of them cost no thread
 * of the system. Thread-safe.
 */
final class NodeListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeListeners.class);
    private static final int HIGHEST = 65_535;
    private static final int WAITING_CLIENTS = 128;

    private final InetAddress address;
    private final int firstPort;
    private final BiConsumer<NodeName, Socket> accepted;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<NodeName, ServerSocket> listenerByNode =
            new HashMap<>(); // never iterated in an order that matters
    private boolean closed;

    /**
     * Nothing is open yet.
     *
     * @param firstPort the lowest that a node gets, the others get the next ones that are free; 0 = any free ones
     * @param accepted called in the listener's thread, which it must not hold up
     * @throws UncheckedIOException where the address is none of this machine
     */
    NodeListeners(InetAddress address, int firstPort, BiConsumer<NodeName, Socket> accepted) {
        this.address = address;
        this.firstPort = firstPort;
        this.accepted = accepted;
        try {
            bind(0).close();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The kubelet API cannot be served at %s (%s); correct --kubelet-address."
                            .formatted(address.getHostAddress(), e.getMessage()),
                    e);
        }
    }

    /** The node's port, opened where it is not yet. */
    int open(NodeName node) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the kubelet API was closed");
            }
            var there = listenerByNode.get(node);
            if (there != null) {
                return there.getLocalPort();
            }
            var listener = firstPort == 0 ? bind(0) : bindNextFree();
            listenerByNode.put(node, listener);
            Thread.ofVirtual().name("kubelet-accept-" + node).start(() -> accept(node, listener));
            return listener.getLocalPort();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the node's port; connections that it took go on. */
    void close(NodeName node) {
        lock.lock();
        try {
            var listener = listenerByNode.remove(node);
            if (listener != null) {
                KubeletServer.closeQuietly(listener);
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return listenerByNode.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            listenerByNode.values().forEach(KubeletServer::closeQuietly);
            listenerByNode.clear();
        } finally {
            lock.unlock();
        }
    }

    private ServerSocket bindNextFree() throws IOException {
        Set<Integer> ours = new HashSet<>();
        listenerByNode.values().forEach(listener -> ours.add(listener.getLocalPort()));
        var problem = new IOException("all are taken");
        for (int port = firstPort; port <= HIGHEST; port++) {
            if (!ours.contains(port)) {
                try {
                    return bind(port);
                } catch (IOException e) {
                    problem = e; // somebody else has it
                }
            }
        }
        throw new IOException(
                "No port from %d on can be used (%s); choose a lower --kubelet-port."
                        .formatted(firstPort, problem.getMessage()),
                problem);
    }

    private ServerSocket bind(int port) throws IOException {
        var listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(address, port), WAITING_CLIENTS);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    private void accept(NodeName node, ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                accepted.accept(node, listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.atWarn()
                            .addKeyValue("node", node)
                            .setCause(e)
                            .log("a connection to the kubelet API could not be accepted");
                    pause();
                }
            }
        }
    }

    /** Out of file descriptors, most likely: trying again at once would burn a core. */
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
}
