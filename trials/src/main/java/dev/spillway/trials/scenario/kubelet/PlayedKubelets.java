package dev.spillway.trials.scenario.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.trials.outside.OutsideClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kubelets of a scenario's real nodes. A pod bound to one of them runs and is Ready at once, unless it was told otherwise; a
 * deleted one is gone at once, unless it lingers. Times are wall time, as a kubelet's are. Thread-safe; one thread of its own looks
 * at the pods after every change.
 */
public final class PlayedKubelets implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration RENEWAL = Duration.ofSeconds(10); // as kubelets do
    /** Six digits, also where the last ones are zero: the API knows no other form of this type. */
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final Duration SETTLED = Duration.ofSeconds(20);

    private final OutsideClient client;
    private final List<String> namespaces;
    private final String label;
    private final InstantSource wallClock = InstantSource.system();
    private final Set<String> nodes = ConcurrentHashMap.newKeySet(); // every one that ever joined: pods may outlive it
    private final Set<String> alive = ConcurrentHashMap.newKeySet();
    private final Set<String> unreadyPods = ConcurrentHashMap.newKeySet(); // UIDs
    private final Set<String> lingering = ConcurrentHashMap.newKeySet(); // names
    private volatile boolean closing;
    private volatile @Nullable Thread thread;
    private Instant renewed = Instant.MIN; // of the thread alone

    /**
     * For pods of these namespaces; begins to work when a node joins.
     *
     * @param label of every node made here
     */
    public PlayedKubelets(OutsideClient client, List<String> namespaces, String label) {
        this.client = client;
        this.namespaces = List.copyOf(namespaces);
        this.label = label;
    }

    /**
     * Registers a node, and waits until the cluster has judged it: where it is ready, until it has no taint of not being so.
     *
     * @throws KubernetesClientException where the cluster has a node of that name
     */
    public void join(PlayedNode node) throws InterruptedException {
        client.create(OutsideClient.NODES, node.object(label, wallClock.instant()));
        nodes.add(node.name());
        alive.add(node.name());
        renew(node.name());
        start();
        if (node.ready()) {
            awaitTaint(node.name(), false);
        }
    }

    /** Takes a node out of the cluster; what runs on it is the cluster's business. */
    public void leave(String node) {
        alive.remove(node);
        client.delete(OutsideClient.NODES + "/" + node);
        client.delete(PlayedNode.lease(node));
    }

    /** Makes a node say that it is ready or not, and waits until the cluster has tainted it accordingly. */
    public void ready(String node, boolean ready) throws InterruptedException {
        untilUncontested(() -> {
            ObjectNode next =
                    client.get(OutsideClient.NODES + "/" + node).orElseThrow().deepCopy();
            var conditions = next.withObject("/status").putArray("conditions");
            conditions.add(PlayedNode.condition(ready, wallClock.instant()));
            client.replace(OutsideClient.NODES + "/" + node + "/status", next);
        });
        awaitTaint(node, !ready);
    }

    /** From now on this pod is not ready. */
    public void unready(String podUid) {
        unreadyPods.add(podUid);
        lookNow();
    }

    /** A deleted pod of this name keeps running until {@link #letGo}. */
    public void linger(String podName) {
        lingering.add(podName);
    }

    /** The containers of a lingering pod end. */
    public void letGo(String podName) {
        lingering.remove(podName);
        lookNow();
    }

    /** Lets all lingering pods go, for the end of a scenario. */
    public void letAllGo() {
        lingering.clear();
        lookNow();
    }

    /** Takes all nodes out of the cluster and ends. Pods on them should be gone before. */
    @Override
    public void close() {
        closing = true;
        var running = thread;
        try {
            if (running != null) {
                running.join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        alive.forEach(this::leave);
    }

    private synchronized void start() {
        if (thread == null) {
            thread = Thread.ofVirtual().name("played-kubelets").start(this::work);
        }
    }

    private void work() {
        while (!closing) {
            try {
                long seen = client.changes();
                lookNow();
                renewAll();
                client.awaitChange(seen, LOOK_AGAIN);
            } catch (InterruptedException e) {
                return;
            } catch (KubernetesClientException e) {
                // The server is busy or the scenario is being removed; the next look is as good.
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private synchronized void lookNow() {
        if (nodes.isEmpty()) {
            return;
        }
        for (String namespace : namespaces) {
            String pods = OutsideClient.core(namespace, "pods");
            for (JsonNode pod : client.list(pods)) {
                if (nodes.contains(pod.path("spec").path("nodeName").asText())) {
                    tend(pods, pod);
                }
            }
        }
    }

    private void tend(String pods, JsonNode pod) {
        String name = pod.path("metadata").path("name").asText();
        boolean ready = PlayedPod.passesReadinessGates(pod)
                && !unreadyPods.contains(pod.path("metadata").path("uid").asText());
        if (pod.path("metadata").has("deletionTimestamp")) {
            if (!lingering.contains(name)) {
                client.forceDelete(pods + "/" + name);
            }
        } else if (!PlayedPod.shows(pod, ready)) {
            try {
                client.replace(pods + "/" + name + "/status", PlayedPod.running(pod, ready, wallClock.instant()));
            } catch (KubernetesClientException e) {
                if (!isContested(e)) {
                    throw e;
                } // somebody wrote in between, or it is gone: the next look sees that
            }
        }
    }

    private void renewAll() {
        Instant now = wallClock.instant();
        if (now.isAfter(renewed.plus(RENEWAL))) {
            renewed = now;
            alive.forEach(this::renew);
        }
    }

    private void renew(String node) {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.putObject("metadata").put("name", node);
        lease.putObject("spec")
                .put("holderIdentity", node)
                .put("leaseDurationSeconds", 40)
                .put("renewTime", micros(wallClock.instant()));
        client.apply("kube-node-lease", lease);
    }

    private static String micros(Instant instant) {
        return MICROS.format(instant);
    }

    private void awaitTaint(String node, boolean wanted) throws InterruptedException {
        String what = "node %s %s".formatted(node, wanted ? "is tainted as not ready" : "can take pods");
        client.await(what, SETTLED, () -> {
            boolean tainted = client.get(OutsideClient.NODES + "/" + node)
                    .map(PlayedKubelets::isTainted)
                    .orElse(false);
            return tainted == wanted
                    ? Optional.empty()
                    : Optional.of("it %s a taint".formatted(tainted ? "still has" : "has not"));
        });
    }

    private static boolean isTainted(JsonNode node) {
        for (JsonNode taint : node.path("spec").path("taints")) {
            if (taint.path("key").asText().startsWith("node.kubernetes.io/")) {
                return true;
            }
        }
        return false;
    }

    private static void untilUncontested(Runnable write) {
        while (true) {
            try {
                write.run();
                return;
            } catch (KubernetesClientException e) {
                if (!isContested(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isContested(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }
}
