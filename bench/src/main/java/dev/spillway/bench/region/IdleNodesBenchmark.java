package dev.spillway.bench.region;

import dev.spillway.app.simulated.SimulatedRegionsHost;
import dev.spillway.bench.cluster.AuditLog;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints what virtual nodes cost that do nothing: writes, CPU and memory of a controller with a thousand of them, and in the same time of kwok with as many
 * nodes on another control plane. The virtual nodes are zones of simulated regions, 50 each.
 */
public final class IdleNodesBenchmark {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("regions", 20, 2, 100, "Regions of 50 zones, each zone a virtual node"),
            new Arguments.Option("minutes", 3, 1, 1440, "how long is measured"),
            new Arguments.Option("settle", 60, 20, 3600, "seconds between the last node and the begin of that"));

    private static final String DOES = "What virtual nodes cost that do nothing, beside as many nodes kept by kwok.";
    private static final String ROW = "  %-44s %14s %14s%n";
    private static final int ZONES = 50;
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String VIRTUAL = "/api/v1/nodes?labelSelector=type%3Dvirtual-kubelet&resourceVersion=0";

    private IdleNodesBenchmark() {}

    /** Runs it; {@code --help} says what options there are. */
    public static void main(String[] arguments) {
        Launch.run("IdleNodesBenchmark", DOES, OPTIONS, arguments, IdleNodesBenchmark::run);
    }

    /** One of the two: a control plane, and the one program that keeps its nodes. */
    private record Side(Site site, Program keeper) {
        Begin begin() {
            return new Begin(
                    this, site.requests().size(), keeper.cpu(), Program.cpu(site.servers()), System.nanoTime());
        }
    }

    /** What was so when measuring began. */
    private record Begin(Side side, int requests, Duration keeper, Duration servers, long nanos) {
        Figures end() {
            double seconds = (System.nanoTime() - nanos) / 1e9;
            var all = side.site().requests();
            return new Figures(
                    all.subList(requests, all.size()),
                    seconds,
                    side.keeper().cpu().minus(keeper),
                    Program.cpu(side.site().servers()).minus(servers));
        }
    }

    private record Figures(List<AuditLog.Write> writes, double seconds, Duration keeper, Duration servers) {
        String perSecond(String agent, String resource) {
            long count = writes.stream()
                    .filter(write -> Agents.nameOf(write.agent()).startsWith(agent))
                    .filter(write -> resource.isEmpty() || write.resource().equals(resource))
                    .count();
            return "%.2f".formatted(count / seconds);
        }

        String load(Duration cpu) {
            return "%.2f %%".formatted(100 * cpu.toMillis() / 1e3 / seconds);
        }
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        int nodes = arguments.of("regions") * ZONES;
        try (var parts = new Parts()) {
            var spillway = virtualNodes(parts, arguments.of("regions"));
            var kwok = kwok(parts, nodes);
            Launch.heading(spillway.site());
            System.out.printf(
                    "load      %,d nodes on each control plane, no pods, %d min after %d s%n",
                    nodes, arguments.of("minutes"), arguments.of("settle"));
            LockSupport.parkNanos(Duration.ofSeconds(arguments.of("settle")).toNanos());
            var begins = List.of(spillway.begin(), kwok.begin());
            LockSupport.parkNanos(Duration.ofMinutes(arguments.of("minutes")).toNanos());
            var ours = begins.getFirst().end();
            var theirs = begins.getLast().end();
            print(ours, theirs);
            var memory = Memory.of(spillway.keeper());
            System.out.printf(
                    ROW,
                    "resident memory",
                    memory.residentMegabytes() + " MB",
                    kwok.keeper().residentMegabytes() + " MB");
            System.out.printf(ROW, "live objects after a full collection", memory.liveMegabytes() + " MB", "");
        }
    }

    private static void print(Figures ours, Figures theirs) {
        System.out.println();
        System.out.printf(ROW, "", "controller", "kwok");
        for (var resource : List.of("leases", "nodes", "regions", "events", "")) {
            System.out.printf(
                    ROW,
                    "writes/s, " + (resource.isEmpty() ? "all" : resource),
                    ours.perSecond("spillway", resource),
                    theirs.perSecond("kwok", resource));
        }
        System.out.printf(ROW, "CPU of one core", ours.load(ours.keeper()), theirs.load(theirs.keeper()));
        System.out.printf(
                ROW,
                "CPU of API server, etcd, controller-manager",
                ours.load(ours.servers()),
                theirs.load(theirs.servers()));
    }

    private static Side virtualNodes(Parts parts, int regions) throws IOException {
        var site = parts.closing(Site.start(parts.folder(), "home"));
        var home = parts.closing(Home.start(parts.folder(), site));
        var host = parts.closing(SimulatedRegionsHost.start(0, InstantSource.system(), site.cluster()));
        for (int i = 0; i < regions; i++) {
            site.api().create("/apis/spillway.dev/v1alpha1/regions", region("idle-%03d".formatted(i), host.endpoint()));
        }
        home.startController();
        home.awaitController();
        site.api().awaitObject(VIRTUAL, list -> list.path("items").size() == regions * ZONES, LIMIT);
        return new Side(site, home.controller().program());
    }

    private static Side kwok(Parts parts, int nodes) {
        var site = parts.closing(Site.start(parts.folder(), "kwok"));
        site.plane().startKwok();
        site.addNodes(nodes);
        return new Side(site, site.workers().getFirst());
    }

    private static String region(String name, URI endpoint) {
        var zones = IntStream.range(0, ZONES)
                .mapToObj(zone -> "{\"id\": \"%s-%02d\"}".formatted(name, zone))
                .collect(Collectors.joining(", "));
        return """
                {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "%s"},
                 "spec": {"zones": [%s],
                   "backend": {"type": "Simulated", "endpoint": "%s", "simulated": {"stock": [{"script": {"constant": 10}}]}}}}""".formatted(name, zones, endpoint);
    }
}
