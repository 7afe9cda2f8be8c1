package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints what it takes from a pod's creation to Ready: through Spillway and a region that is another cluster, with kube-scheduler and kwok alone, and with
 * kube-scheduler and virtual-kubelet's mock provider. The three take turns in one run, at the same rate, with the same pod.
 */
public final class EndToEndBenchmark {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("pods", 1000, 60, 5000, "pods of each way in each round"),
            new Arguments.Option("rate", 50, 20, 1000, "pods created per second"),
            new Arguments.Option("rounds", 3, 1, 100, "rounds, in each of which every way takes its turn"),
            new Arguments.Option("warm-up", 200, 20, 5000, "pods of each way before the first round, not measured"));

    private static final String DOES =
            "From a pod's creation to Ready, through Spillway and a region that is another cluster, and without Spillway.";

    private static final String REGION = "bench-region";

    private EndToEndBenchmark() {}

    /** Runs it; {@code --help} says what options there are. */
    public static void main(String[] arguments) {
        Launch.run("EndToEndBenchmark", DOES, OPTIONS, arguments, EndToEndBenchmark::run);
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        int pods = arguments.of("pods");
        int rate = arguments.of("rate");
        try (var parts = new Parts()) {
            var missing = new LinkedHashMap<String, String>();
            var worlds = worlds(parts, pods * arguments.of("rounds") + arguments.of("warm-up"), missing);
            Launch.heading(worlds.getFirst().sites().getFirst());
            System.out.printf(
                    "load      %,d pods at %d per second, %d rounds, the ways in turn; all of them run all the time, and all pods stay%n",
                    pods, rate, arguments.of("rounds"));
            for (var world : worlds) {
                world.run("warm-up", arguments.of("warm-up"), rate);
            }
            Map<World, List<World.Round>> rounds = new LinkedHashMap<>();
            for (int round = 1; round <= arguments.of("rounds"); round++) {
                for (var world : worlds) {
                    rounds.computeIfAbsent(world, _ -> new ArrayList<>()).add(world.run("pod-" + round, pods, rate));
                }
            }
            new EndToEndReport(System.out).print(rounds, missing);
        }
    }

    private static List<World> worlds(Parts parts, int pods, Map<String, String> missing)
            throws IOException, InterruptedException {
        var worlds = new ArrayList<World>();
        worlds.add(spillway(parts, pods));
        worlds.add(kwok(parts, pods));
        var name = "kube-scheduler and virtual-kubelet";
        try {
            worlds.add(virtualKubelet(parts, name, pods));
        } catch (BenchmarkException e) {
            missing.put(name, String.valueOf(e.getMessage()));
        }
        return worlds;
    }

    private static World spillway(Parts parts, int pods) throws IOException, InterruptedException {
        var region = parts.closing(Site.withNodes(parts.folder(), "region", pods, settings -> settings));
        var home = parts.home(REGION, region);
        return new World(
                "Spillway, kube-scheduler and kwok there",
                List.of(home.site(), region),
                List.of(home.controller().program()),
                name -> BenchPods.inRegion(name, REGION));
    }

    private static World kwok(Parts parts, int pods) {
        var site = parts.closing(Site.withNodes(parts.folder(), "kwok", pods, settings -> settings));
        site.namespace(BenchPods.NAMESPACE);
        return new World("kube-scheduler and kwok", List.of(site), List.of(), BenchPods::plain);
    }

    private static World virtualKubelet(Parts parts, String name, int pods) throws IOException, InterruptedException {
        var site = parts.closing(Site.start(parts.folder(), "virtual-kubelet"));
        site.namespace(BenchPods.NAMESPACE);
        site.plane().startScheduler();
        var process = parts.closing(VirtualKubelet.start(parts.folder(), site, pods));
        return new World(name, List.of(site), List.of(process.program()), BenchPods::plain);
    }
}
