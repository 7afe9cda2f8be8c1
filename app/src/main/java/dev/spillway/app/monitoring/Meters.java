package dev.spillway.app.monitoring;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.Kind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The meters of a process. Every label is bounded: by the kinds of effects and answers, or by the regions and zones that
 * operators declare. Thread-safe.
 *
 * <table>
 * <caption>What there is, as Prometheus names</caption>
 * <tr><td>{@code spillway_placements_total}</td><td>bindings done, by node</td></tr>
 * <tr><td>{@code spillway_refusals_total}</td><td>by region and kind</td></tr>
 * <tr><td>{@code spillway_refusal_to_bind_seconds}</td><td>from a pod's last refusal to its binding</td></tr>
 * <tr><td>{@code spillway_effects_seconds}</td><td>calls of both ports, by effect and outcome</td></tr>
 * <tr><td>{@code spillway_api_writes_total}</td><td>mutating requests to the API server, by method, resource and code</td></tr>
 * <tr><td>{@code spillway_waiting_pods}</td><td>pods that wait for a place</td></tr>
 * <tr><td>{@code spillway_event_queue_length}</td><td>events that wait for the engine</td></tr>
 * <tr><td>{@code spillway_kubelet_certificate_remaining_seconds}</td><td>until the certificate ends that the kubelet API is served with; below 0:
 * so long ago</td></tr>
 * <tr><td>{@code spillway_empty_watches_total}</td><td>watches that ended, and polls that came back, with nothing in them, by what
 * was watched: a path of the API server's or {@code region NAME}</td></tr>
 * </table>
 */
public final class Meters {
    // Pods refused and not bound yet; the oldest are forgotten, since some are never bound.
    private static final int MOST_REFUSED = 100_000;

    // Around the goal of 25 ms at the 99th percentile, and up to a sold-out period of 3 min.
    private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000, 180_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Timer refusalToBind;
    private final SequencedMap<PodUid, Long> refusedAtNanos = new LinkedHashMap<>(); // guarded by itself

    /** Meters in a registry. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
        this.refusalToBind = Timer.builder("spillway.refusal.to.bind")
                .description("Time from a pod's last refusal to its binding.")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Publishes what the event loop says of itself. */
    public void observe(IntSupplier waitingPods, IntSupplier queueLength) {
        Gauge.builder("spillway.waiting.pods", waitingPods::getAsInt)
                .description("Pods that wait for a place.")
                .register(registry);
        Gauge.builder("spillway.event.queue.length", queueLength::getAsInt)
                .description("Events that wait for the engine.")
                .register(registry);
    }

    /**
     * Publishes how long the kubelet API's certificate is still valid.
     *
     * @param clock wall time, by which certificates are
     */
    public void observeCertificate(Supplier<Instant> end, InstantSource clock) {
        Gauge.builder(
                        "spillway.kubelet.certificate.remaining",
                        () -> Duration.between(clock.instant(), end.get()).toSeconds())
                .description("Time until the certificate ends that the kubelet API is served with.")
                .baseUnit("seconds")
                .register(registry);
    }

    /** The same port, metered. */
    public ClusterApi around(ClusterApi cluster) {
        return new MeteredCluster(cluster, this);
    }

    /** The same port, metered. */
    public RegionBackend around(RegionId region, RegionBackend backend) {
        return new MeteredBackend(region, backend, this);
    }

    /** The same sender, metered. */
    public Sender around(Sender sender) {
        return new MeteredSender(sender, this);
    }

    /** Makes a call and times it under the name of its effect and of the answer's type. */
    <A> A timed(String effect, Supplier<A> call) {
        long began = System.nanoTime();
        String outcome = "threw";
        try {
            A answer = call.get();
            outcome = nameOf(answer);
            return answer;
        } finally {
            registry.timer("spillway.effects", "effect", effect, "outcome", outcome)
                    .record(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    void refused(RegionId region, PodUid pod, Refusal refusal) {
        registry.counter("spillway.refusals", "region", region.value(), "kind", nameOf(refusal))
                .increment();
        synchronized (refusedAtNanos) {
            refusedAtNanos.remove(pod); // so that it becomes the youngest
            refusedAtNanos.put(pod, System.nanoTime());
            if (refusedAtNanos.size() > MOST_REFUSED) {
                refusedAtNanos.pollFirstEntry();
            }
        }
    }

    void bound(PodUid pod, NodeName node) {
        registry.counter("spillway.placements", "node", node.value()).increment();
        Long refusedAt;
        synchronized (refusedAtNanos) {
            refusedAt = refusedAtNanos.remove(pod);
        }
        if (refusedAt != null) {
            refusalToBind.record(Duration.ofNanos(System.nanoTime() - refusedAt));
        }
    }

    void wrote(String method, String resource, String code) {
        registry.counter("spillway.api.writes", "method", method, "resource", resource, "code", code)
                .increment();
    }

    /** A watch of this kind was accepted and brought nothing. */
    public void emptyWatch(Kind kind) {
        emptyWatch(kind.path());
    }

    /** A region's poll for changes came back at once and brought nothing. */
    public void emptyPoll(RegionId region) {
        emptyWatch("region " + region);
    }

    private void emptyWatch(String watched) {
        registry.counter("spillway.empty.watches", "watched", watched).increment();
    }

    private static String nameOf(Object answer) {
        return answer.getClass().getSimpleName();
    }
}
