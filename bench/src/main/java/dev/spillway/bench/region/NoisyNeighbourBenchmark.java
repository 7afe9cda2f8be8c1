package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.bench.region.NeighbourProxy.Mood;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints how long pods of a healthy region wait for their place while another region is calm, throttled, slow, flapping or lying; pods for that one come at
 * the same time. Each mood follows a calm stretch of its own, since a machine's figures drift. A percentile of all stretches together would be that of
 * the one in which the machine had a hiccup, so each stretch has its own, and the median of those counts.
 */
public final class NoisyNeighbourBenchmark {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("pods", 500, 40, 5000, "pods of the healthy region in each stretch"),
            new Arguments.Option("rate", 20, 10, 1000, "of them per second"),
            new Arguments.Option("neighbours", 100, 10, 5000, "pods of the other region, spread over each stretch"),
            new Arguments.Option("rounds", 3, 1, 100, "rounds, each of every mood after a calm stretch"),
            new Arguments.Option("mood", 0, 0, 4, "1 throttled, 2 slow, 3 flapping, 4 lying, 0 each of them"));

    private static final String DOES = "How long pods of a healthy region wait for their place while another region is"
            + " throttled, slow, flapping or lying.";

    private static final String ROW = "  %-32s %10s %10s %10s %10s %10s%n";
    private static final String HEALTHY = "healthy";
    private static final String SICK = "sick";
    private static final String NEIGHBOURS = "neighbours";
    private static final int AT_ONCE = 1000; // per second
    private static final Duration BOUND_LIMIT = Duration.ofMinutes(5);
    private static final Duration GONE_LIMIT = Duration.ofMinutes(10);

    private final Home home;
    private final NeighbourProxy proxy;
    private final Arguments arguments;
    private final Map<Mood, List<Distribution>> waits = new EnumMap<>(Mood.class);
    private final Map<Mood, List<Distribution>> calmBefore = new EnumMap<>(Mood.class);
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
            benchmark.stretch(Mood.CALM, false); // a cold JVM is no measure
            for (int round = 1; round <= arguments.of("rounds"); round++) {
                benchmark.round();
            }
            benchmark.print();
        }
    }

    private void round() throws InterruptedException {
        for (var mood : Mood.values()) {
            boolean isWanted = arguments.of("mood") == 0 || arguments.of("mood") == mood.number();
            if (mood != Mood.CALM && isWanted) {
                calmBefore.computeIfAbsent(mood, _ -> new ArrayList<>()).add(stretch(Mood.CALM, mood == Mood.FLAPPING));
                waits.computeIfAbsent(mood, _ -> new ArrayList<>()).add(stretch(mood, false));
            }
        }
    }

    /**
     * How long each pod of the healthy region waited while the other one behaved so.
     *
     * @param atOnce whether pods of the other region that came until a flapping one is asked again come together then: what they cost this machine
     *     is not the fault of its being down
     */
    private Distribution stretch(Mood mood, boolean atOnce) throws InterruptedException {
        var prefix = "stretch-" + ++stretches;
        int pods = arguments.of("pods");
        var api = home.site().api();
        proxy.become(mood);
        Distribution waited;
        String longest;
        try (var watch = PodWatch.open(api, BenchPods.NAMESPACE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> others = threads.submit(() -> neighbours(prefix, atOnce));
            var created = load(BenchPods.NAMESPACE, prefix, pods, arguments.of("rate"), HEALTHY)
                    .create(api);
            others.get();
            if (!watch.await(watch.bound(), pods, BOUND_LIMIT)) {
                throw new BenchmarkException("Only %d of %d pods of the healthy region are bound while the other is %s."
                        .formatted(watch.bound().size(), pods, mood.words()));
            }
            waited = Load.between(created, watch.bound());
            longest = longest(created, watch.bound());
        } catch (ExecutionException e) {
            throw new BenchmarkException("The neighbours could not be created: " + e.getMessage(), e);
        }
        System.out.printf(
                "  stretch %2d, %-30s p50 %s, p99 %s, %s; %d of %d pods of the other region bound%n",
                stretches,
                mood.words(),
                waited.millis(50),
                waited.millis(99),
                longest,
                bound(NEIGHBOURS),
                arguments.of("neighbours"));
        proxy.become(Mood.CALM);
        home.site().clear(NEIGHBOURS, GONE_LIMIT);
        home.site().clear(BenchPods.NAMESPACE, GONE_LIMIT);
        return waited;
    }

    private void neighbours(String prefix, boolean atOnce) {
        var api = home.site().api();
        int left = arguments.of("neighbours");
        int rate = Math.max(1, arguments.of("rate") * left / arguments.of("pods"));
        if (atOnce) {
            BenchApi.sleepUntil(System.nanoTime() + NeighbourProxy.REOPENED.toNanos());
            int together = Math.min(left, (int) (rate * NeighbourProxy.REOPENED.toSeconds()));
            load(NEIGHBOURS, prefix + "-at-once", together, AT_ONCE, SICK).create(api);
            left = Math.min(left - together, together); // those that come after it is down again are left out
        }
        if (left > 0) {
            load(NEIGHBOURS, prefix, left, rate, SICK).create(api);
        }
    }

    /** The longest wait, and when in the stretch that pod came: many moods have their own times. */
    private static String longest(Map<String, Long> created, Map<String, Long> bound) {
        long begin = created.values().stream().min(Long::compare).orElse(0L);
        return created.entrySet().stream()
                .filter(pod -> bound.containsKey(pod.getKey()))
                .max(Comparator.comparingLong(pod -> bound.getOrDefault(pod.getKey(), 0L) - pod.getValue()))
                .map(pod -> "longest %.1f ms at second %.1f"
                        .formatted(
                                (bound.getOrDefault(pod.getKey(), 0L) - pod.getValue()) / 1e6,
                                (pod.getValue() - begin) / 1e9))
                .orElse("");
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

    /** A percentile of each stretch. */
    private static Distribution each(List<Distribution> stretches, int percent) {
        return Distribution.of(
                stretches.stream().map(stretch -> stretch.percentile(percent)).toList());
    }

    private void print() {
        System.out.printf(
                "%nFrom the creation's 201 to the pod's node, seen by a watch; pods of the healthy region, %d per second, %d in each"
                        + " stretch; medians of the stretches%n",
                arguments.of("rate"), arguments.of("pods"));
        System.out.printf(ROW, "the other region is", "p50", "p99", "p50 calm", "p99 calm", "p99 ratio");
        waits.forEach((mood, all) -> {
            var calm = calmBefore.getOrDefault(mood, List.of());
            System.out.printf(
                    ROW,
                    mood.words(),
                    each(all, 50).millis(50),
                    each(all, 99).millis(50),
                    each(calm, 50).millis(50),
                    each(calm, 99).millis(50),
                    "%.2f"
                            .formatted((double) each(all, 99).percentile(50).toNanos()
                                    / Math.max(1, each(calm, 99).percentile(50).toNanos())));
        });
        System.out.println(
                "  Calm: the stretches before, with as many pods for the other region; before a flapping one those that come until it is asked again come at once.");
    }
}
