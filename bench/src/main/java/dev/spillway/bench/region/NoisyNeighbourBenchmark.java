package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.bench.region.NeighbourProxy.Mood;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints how long pods of a healthy region wait for their place while another region is calm, throttled, slow, flapping or lying; pods for that one come at
 * the same time. Each mood follows a calm stretch of its own, since a machine's figures drift.
 */
public final class NoisyNeighbourBenchmark {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("pods", 500, 40, 5000, "pods of the healthy region in each stretch"),
            new Arguments.Option("rate", 20, 10, 1000, "of them per second"),
            new Arguments.Option("neighbours", 100, 10, 5000, "pods of the other region, spread over each stretch"),
            new Arguments.Option("rounds", 2, 1, 100, "rounds, each of every mood after a calm stretch"));

    private static final String DOES = "How long pods of a healthy region wait for their place while another region is"
            + " throttled, slow, flapping or lying.";

    private static final String ROW = "  %-32s %10s %10s %10s %10s %10s%n";
    private static final String HEALTHY = "healthy";
    private static final String SICK = "sick";
    private static final String NEIGHBOURS = "neighbours";
    private static final Duration BOUND_LIMIT = Duration.ofMinutes(5);
    private static final Duration GONE_LIMIT = Duration.ofMinutes(10);

    private final Home home;
    private final NeighbourProxy proxy;
    private final Arguments arguments;
    private final Map<Mood, List<Duration>> waits = new EnumMap<>(Mood.class);
    private final Map<Mood, List<Duration>> calmBefore = new EnumMap<>(Mood.class);
    private int stretches;

    private NoisyNeighbourBenchmark(Home home, NeighbourProxy proxy, Arguments arguments) {
        this.home = home;
        this.proxy = proxy;
        this.arguments = arguments;
    }

    /** Runs it; {@code --help} says what options there are. */
    public static void main(String[] arguments) {
        Launch.run("NoisyNeighbourBenchmark", DOES, OPTIONS, arguments, NoisyNeighbourBenchmark::run);
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        int pods = arguments.of("pods") + arguments.of("neighbours");
        try (var parts = new Parts()) {
            var healthy = parts.closing(Site.withNodes(parts.folder(), HEALTHY, pods, settings -> settings));
            var sick = parts.closing(Site.withNodes(parts.folder(), SICK, pods, settings -> settings));
            var proxy = parts.closing(NeighbourProxy.start(sick));
            var home = parts.home(HEALTHY, healthy);
            home.addRegion(SICK, proxy.through(RegionAccess.kubeconfig(sick)), false);
            home.awaitRegion(SICK);
            home.site().namespace(NEIGHBOURS);
            Launch.heading(home.site());
            var benchmark = new NoisyNeighbourBenchmark(home, proxy, arguments);
            benchmark.stretch(Mood.CALM); // a cold JVM is no measure
            for (int round = 1; round <= arguments.of("rounds"); round++) {
                benchmark.round();
            }
            benchmark.print();
        }
    }

    private void round() throws InterruptedException {
        for (var mood : Mood.values()) {
            if (mood != Mood.CALM) {
                calmBefore.computeIfAbsent(mood, _ -> new ArrayList<>()).addAll(stretch(Mood.CALM));
                waits.computeIfAbsent(mood, _ -> new ArrayList<>()).addAll(stretch(mood));
            }
        }
    }

    /** How long each pod of the healthy region waited while the other one behaved so. */
    private List<Duration> stretch(Mood mood) throws InterruptedException {
        var prefix = "stretch-" + ++stretches;
        int rate = arguments.of("rate");
        int pods = arguments.of("pods");
        int neighbours = arguments.of("neighbours");
        var api = home.site().api();
        proxy.become(mood);
        List<Duration> waited;
        try (var watch = PodWatch.open(api, BenchPods.NAMESPACE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> others = threads.submit(
                    () -> load(NEIGHBOURS, prefix, neighbours, Math.max(1, rate * neighbours / pods), SICK)
                            .create(api));
            var created = load(BenchPods.NAMESPACE, prefix, pods, rate, HEALTHY).create(api);
            others.get();
            if (!watch.await(watch.bound(), pods, BOUND_LIMIT)) {
                throw new BenchmarkException("Only %d of %d pods of the healthy region are bound while the other is %s."
                        .formatted(watch.bound().size(), pods, mood.words()));
            }
            waited = Load.between(created, watch.bound()).sorted();
        } catch (ExecutionException e) {
            throw new BenchmarkException("The neighbours could not be created: " + e.getMessage(), e);
        }
        System.out.printf(
                "  stretch %2d, %-30s p99 %s; %d of %d pods of the other region bound%n",
                stretches, mood.words(), Distribution.of(waited).millis(99), bound(NEIGHBOURS), neighbours);
        proxy.become(Mood.CALM);
        home.site().clear(NEIGHBOURS, GONE_LIMIT);
        home.site().clear(BenchPods.NAMESPACE, GONE_LIMIT);
        return waited;
    }

    private int bound(String namespace) {
        int bound = 0;
        for (var pod : home.site().read(BenchApi.PODS.formatted(namespace)).path("items")) {
            bound += pod.path("spec").path("nodeName").asText().isEmpty() ? 0 : 1;
        }
        return bound;
    }

    private static Load load(String namespace, String prefix, int pods, int rate, String region) {
        return new Load(namespace, prefix, pods, rate, name -> BenchPods.inRegion(name, region));
    }

    private void print() {
        System.out.printf(
                "%nFrom the creation's 201 to the pod's node, seen by a watch; pods of the healthy region, %d per second, %d in each"
                        + " stretch%n",
                arguments.of("rate"), arguments.of("pods"));
        System.out.printf(ROW, "the other region is", "p50", "p99", "p50 calm", "p99 calm", "p99 ratio");
        waits.forEach((mood, all) -> {
            var sick = Distribution.of(all);
            var calm = Distribution.of(calmBefore.getOrDefault(mood, List.of()));
            System.out.printf(
                    ROW,
                    mood.words(),
                    sick.millis(50),
                    sick.millis(99),
                    calm.millis(50),
                    calm.millis(99),
                    "%.2f"
                            .formatted((double) sick.percentile(99).toNanos()
                                    / Math.max(1, calm.percentile(99).toNanos())));
        });
        System.out.println("  Calm: the stretches before, with as many pods for the other region.");
    }
}
