package dev.spillway.app.monitoring;

import dev.spillway.app.version.Version;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * The meters of a process; docs/metrics.md lists them. Every label is bounded: by the kinds of effects and answers, by what operators
 * declare, and beyond that by {@link BoundedNames}; no label has the name of a pod or text from inside one. Thread-safe.
 */
public final class Meters {
    // Pods refused and not bound yet; the oldest are forgotten, since some are never bound.
    private static final int MOST_REFUSED = 100_000;

    private static final int MOST_REGIONS = 100;
    private static final int MOST_UNITS = 500;

    private final MeterRegistry registry;
    private final Timer refusalToBind;
    private final MeterProvider<Timer> effects;
    private final MeterProvider<Timer> acquires;
    private final MeterProvider<Counter> refusals;
    private final MeterProvider<Counter> writes;
    private final MeterProvider<Counter> emptyWatches;
    private final Counter engineFailures;
    private final BoundedNames regions = new BoundedNames(MOST_REGIONS);
    private final PlacementMeters placements;
    private final StatusMeters statuses;
    private final SequencedMap<PodUid, Long> refusedAtNanos = new LinkedHashMap<>(); // guarded by itself

    /** What a controller says of itself when somebody looks; each is asked by several threads and answers at once. */
    public interface Gauged {
        /** Whether this process is the one that works. */
        boolean isLeading();

        /** Whether it does: it leads and has read the cluster. */
        boolean isPlacing();

        /** Pods that wait for a place. */
        int waitingPods();

        /** How long ago the oldest of them was created; zero where none waits. */
        Duration oldestWaitingFor();

        /** Events that wait for the engine. */
        int queuedEvents();

        /** How long the engine's loop has given no sign of life. */
        Duration silentFor();
    }

    /** Meters in a registry. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
        this.refusalToBind = Timer.builder("spillway.refusal.to.bind")
                .description("Time from a pod's last refusal to its binding.")
                .serviceLevelObjectives(Buckets.ofBindings())
                .register(registry);
        this.effects = Timer.builder("spillway.effects")
                .description("Calls to the API server and to regions.")
                .withRegistry(registry);
        this.acquires = Timer.builder("spillway.acquire")
                .description("Requests for an instance.")
                .serviceLevelObjectives(Buckets.ofRequests())
                .withRegistry(registry);
        this.refusals = counter("spillway.refusals", "Refused requests for an instance.");
        this.writes = counter("spillway.api.writes", "Mutating requests to the API server.");
        this.emptyWatches = counter("spillway.empty.watches", "Watches and polls that ended with nothing in them.");
        this.engineFailures = Counter.builder("spillway.engine.failures")
                .description("Engines that were stopped by a bug.")
                .register(registry);
        var units = new BoundedNames(MOST_UNITS);
        this.placements = new PlacementMeters(registry, regions, units);
        this.statuses = new StatusMeters(registry, regions, units);
        Gauge.builder("spillway.build.info", () -> 1)
                .description("Always 1; its labels say what runs.")
                .tag("version", Version.text())
                .tag("commit", Version.commit())
                .tag("java", Runtime.version().toString())
                .register(registry);
    }

    private MeterProvider<Counter> counter(String name, String description) {
        return Counter.builder(name).description(description).withRegistry(registry);
    }

    /** Publishes what a controller says of itself. */
    public void observe(Gauged controller) {
        Gauge.builder("spillway.leader", () -> controller.isLeading() ? 1 : 0)
                .description("Whether this process is the one that may place pods.")
                .register(registry);
        Gauge.builder("spillway.placing", () -> controller.isPlacing() ? 1 : 0)
                .description("Whether it does: it leads and has read the cluster.")
                .register(registry);
        Gauge.builder("spillway.waiting.pods", controller::waitingPods)
                .description("Pods that wait for a place.")
                .register(registry);
        seconds("spillway.oldest.waiting.pod.age", controller::oldestWaitingFor)
                .description("Time since the oldest waiting pod was created; 0 where none waits.")
                .register(registry);
        Gauge.builder("spillway.event.queue.length", controller::queuedEvents)
                .description("Events that wait for the engine.")
                .register(registry);
        seconds("spillway.event.loop.silent", controller::silentFor)
                .description("Time since the engine's loop gave a sign of life.")
                .register(registry);
    }

    private static Gauge.Builder<?> seconds(String name, Supplier<Duration> time) {
        Supplier<Number> seconds = () -> time.get().toMillis() / 1000.0;
        return Gauge.builder(name, seconds).baseUnit("seconds");
    }

    /** Publishes what is only looked up when somebody asks for the metrics; to be called before that. */
    public void refresh() {
        statuses.refresh();
    }

    /** An engine begins to work: what counts its turns. */
    public TurnMeters turnsOfNewEngine() {
        statuses.forget();
        return new TurnMeters(placements, statuses);
    }

    /** The engine was stopped by a bug. */
    public void engineFailed() {
        engineFailures.increment();
    }

    /** The engine works no more, for whatever reason. */
    public void engineEnded() {
        statuses.forget();
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
            effects.withTags("effect", effect, "outcome", outcome).record(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** The same for a request for an instance. */
    AcquireAnswer acquired(RegionId region, Supplier<AcquireAnswer> call) {
        long began = System.nanoTime();
        String outcome = "threw";
        try {
            var answer = timed("acquire", call);
            outcome = nameOf(answer);
            return answer;
        } finally {
            acquires.withTags("region", regions.of(region.value()), "outcome", outcome)
                    .record(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    void refused(RegionId region, PodUid pod, Refusal refusal) {
        refusals.withTags("region", regions.of(region.value()), "kind", nameOf(refusal))
                .increment();
        synchronized (refusedAtNanos) {
            refusedAtNanos.remove(pod); // so that it becomes the youngest
            refusedAtNanos.put(pod, System.nanoTime());
            if (refusedAtNanos.size() > MOST_REFUSED) {
                refusedAtNanos.pollFirstEntry();
            }
        }
    }

    void bound(PodUid pod) {
        Long refusedAt;
        synchronized (refusedAtNanos) {
            refusedAt = refusedAtNanos.remove(pod);
        }
        if (refusedAt != null) {
            refusalToBind.record(Duration.ofNanos(System.nanoTime() - refusedAt));
        }
    }

    void wrote(String method, String resource, String code) {
        writes.withTags("method", method, "resource", resource, "code", code).increment();
    }

    /** A watch of this kind was accepted and brought nothing. */
    public void emptyWatch(Kind kind) {
        emptyWatch(kind.path());
    }

    /** A region's poll for changes came back at once and brought nothing. */
    public void emptyPoll(RegionId region) {
        emptyWatch("region " + regions.of(region.value()));
    }

    private void emptyWatch(String watched) {
        emptyWatches.withTag("watched", watched).increment();
    }

    private static String nameOf(Object answer) {
        return answer.getClass().getSimpleName();
    }
}
