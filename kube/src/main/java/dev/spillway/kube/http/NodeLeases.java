package dev.spillway.kube.http;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.translate.NodeRequests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of virtual nodes, every 10 s, by threads of its own and on the wall clock, whatever the regions or the
 * decisions do: a node without a newer lease for 50 s is taken for dead, and its pods are evicted 300 s later. Give it a
 * sender that nothing else uses, so that a burst of bindings does not hold leases up. Thread-safe.
 */
public final class NodeLeases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLeases.class);
    private static final Duration EVERY = Duration.ofSeconds(10); // kubelet's number
    private static final Duration DEADLINE = Duration.ofSeconds(8); // over before the next round
    private static final int AT_ONCE = 8;

    private final Sender sender;
    private final InstantSource wallClock;
    private final Map<NodeName, State> stateByNode = new ConcurrentSkipListMap<>();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final CountDownLatch stop = new CountDownLatch(1);

    /** What is known of one lease; only for saying each change once. */
    private enum State {
        NEW,
        RENEWED,
        FAILING
    }

    /** Nothing is renewed before {@link #start}. */
    public NodeLeases(Sender sender, InstantSource wallClock) {
        this.sender = sender;
        this.wallClock = wallClock;
    }

    /** Starts the rounds. */
    public void start() {
        Thread.ofPlatform().daemon().name("node-leases").start(this::run);
    }

    /** Keeps a node's lease from now on; a new one is made at once, by another thread. */
    public void keep(NodeName node) {
        if (stateByNode.putIfAbsent(node, State.NEW) == null) {
            Thread.ofVirtual().name("node-lease").start(() -> renew(node));
        }
    }

    /** Stops keeping a node's lease. */
    public void drop(NodeName node) {
        stateByNode.remove(node);
    }

    /** The nodes whose leases are kept, in order. */
    public List<NodeName> kept() {
        return List.copyOf(stateByNode.keySet());
    }

    /** Renews each lease once, in parallel, and returns when that is done. */
    void renewAll() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            kept().forEach(node -> threads.execute(() -> renew(node)));
        }
    }

    /** Stops renewing; the leases run out by themselves. */
    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            long next = System.nanoTime() + EVERY.toNanos();
            while (!stop.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                renewAll();
                next = Math.max(next + EVERY.toNanos(), System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew(NodeName node) {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            note(
                    node,
                    sender.drive(
                            NodeRequests.renewLease(node, wallClock.instant()), DEADLINE, WriteAnswer.Unknown::new));
        } finally {
            permits.release();
        }
    }

    private void note(NodeName node, WriteAnswer answer) {
        boolean renewed = answer instanceof WriteAnswer.Done;
        var before = stateByNode.replace(node, renewed ? State.RENEWED : State.FAILING);
        if (before == State.FAILING && renewed) {
            LOG.atInfo().addKeyValue("node", node).log("node lease is renewed again");
        } else if (before != null && before != State.FAILING && !renewed) {
            LOG.atWarn().addKeyValue("node", node).addKeyValue("answer", answer).log("node lease could not be renewed");
        }
    }
}
