package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.cluster.AuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * One way from a created pod to a Ready one.
 *
 * @param name for the table
 * @param sites the control planes, that of the pods first
 * @param others programs beside those of the sites
 * @param json the pod of a name
 */
record World(String name, List<Site> sites, List<Program> others, UnaryOperator<String> json) {
    private static final Duration READY_LIMIT = Duration.ofMinutes(20);

    /** What is written after Ready belongs to the pods too. */
    private static final Duration AFTERMATH = Duration.ofSeconds(3);

    /**
     * What one round showed.
     *
     * @param created by pod, likewise ready
     * @param workers CPU time of controllers, schedulers and whoever plays kubelets
     * @param servers CPU time of API servers, etcds and kube-controller-managers
     * @param writes of everybody but the benchmark, by the site's name
     */
    record Round(
            Map<String, Long> created,
            Map<String, Long> ready,
            Duration workers,
            Duration servers,
            Map<String, List<AuditLog.Write>> writes) {}

    /**
     * Creates pods and waits until they are Ready. They stay, since virtual-kubelet deletes so slowly that the next round would measure that.
     *
     * @param prefix of their names, another one in each round
     */
    Round run(String prefix, int pods, int perSecond) {
        var home = sites.getFirst();
        var before = new HashMap<String, Integer>();
        sites.forEach(site -> before.put(site.name(), site.requests().size()));
        var workers = Program.cpu(workers());
        var servers = Program.cpu(servers());
        try (var watch = PodWatch.open(home.api(), BenchPods.NAMESPACE, prefix)) {
            var created = new Load(BenchPods.NAMESPACE, prefix, pods, perSecond, json).create(home.api());
            if (!watch.await(watch.ready(), pods, READY_LIMIT)) {
                throw new BenchmarkException("%s: only %d of %d pods are Ready after %d s."
                        .formatted(name, watch.ready().size(), pods, READY_LIMIT.toSeconds()));
            }
            LockSupport.parkNanos(AFTERMATH.toNanos());
            System.out.printf(
                    "  %-8s %-40s p99 %s%n",
                    prefix, name, Load.between(created, watch.ready()).millis(99));
            return new Round(
                    created,
                    Map.copyOf(watch.ready()),
                    Program.cpu(workers()).minus(workers),
                    Program.cpu(servers()).minus(servers),
                    writesAfter(before));
        }
    }

    private List<Program> workers() {
        var all = new ArrayList<>(others);
        sites.forEach(site -> all.addAll(site.workers()));
        return all;
    }

    private List<Program> servers() {
        return sites.stream().flatMap(site -> site.servers().stream()).toList();
    }

    private Map<String, List<AuditLog.Write>> writesAfter(Map<String, Integer> before) {
        var all = new HashMap<String, List<AuditLog.Write>>();
        for (var site : sites) {
            var requests = site.requests();
            all.put(site.name(), requests.subList(before.getOrDefault(site.name(), 0), requests.size()));
        }
        return all;
    }
}
