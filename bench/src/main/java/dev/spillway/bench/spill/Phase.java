package dev.spillway.bench.spill;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.simulated.AcquireCall;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Pods created in a namespace of their own at set times, until all are ready.
 *
 * @param firstRegion whose stock is tried first
 * @param gpuModel of the pod of a number
 * @param bursts what is created, one after the other
 */
record Phase(String namespace, String firstRegion, IntFunction<String> gpuModel, List<Burst> bursts) {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    // Events and statuses that come after a pod is ready are seen, too.
    private static final Duration AFTERMATH = Duration.ofSeconds(3);

    /** So many pods at a steady rate; a rate of 0 means as fast as the API server takes them. */
    record Burst(int pods, int perSecond) {}

    /**
     * What happened.
     *
     * @param pods names by UID
     * @param calls of acquire, in order
     * @param writes the controller's writes in this namespace, in order
     * @param otherWrites the controller's writes meanwhile that are in no namespace of pods, such as leases and nodes
     * @param machine how busy the machine was
     */
    record Outcome(
            Map<PodUid, String> pods,
            Duration took,
            List<AcquireCall> calls,
            List<AuditLog.Write> writes,
            List<AuditLog.Write> otherWrites,
            String machine) {}

    /** Runs it; pods that do not become ready are a {@link BenchmarkException} that says what one of them waits for. */
    Outcome run(BenchCluster cluster) {
        cluster.api().create("/api/v1/namespaces", BenchObjects.namespace(namespace));
        cluster.api()
                .awaitThere(
                        "/api/v1/namespaces/%s/serviceaccounts/default".formatted(namespace), Duration.ofSeconds(30));
        var policies = "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/%s/resourcepolicies".formatted(namespace);
        cluster.api().create(policies, BenchObjects.policy(firstRegion));
        cluster.api().awaitJudged(policies + "/" + BenchObjects.POLICY, Duration.ofSeconds(30));
        var before = cluster.callsAfter(0);
        long lastCall = before.isEmpty() ? 0 : before.getLast().number();
        int writesBefore = cluster.controllerWrites().size();
        cluster.timers().forget();
        var load = new MachineLoad();
        long began = System.nanoTime();
        createPods(cluster.api());
        boolean ready = cluster.api().awaitNonePending(namespace, READY_LIMIT);
        var took = Duration.ofNanos(System.nanoTime() - began);
        var machine = load.sinceStart();
        if (ready) {
            LockSupport.parkNanos(AFTERMATH.toNanos());
        }
        var pods = requireReady(cluster.api());
        var writes = cluster.controllerWrites();
        var here = new ArrayList<AuditLog.Write>();
        var elsewhere = new ArrayList<AuditLog.Write>();
        for (var write : writes.subList(writesBefore, writes.size())) {
            (write.namespace().equals(namespace) && !write.pod().isEmpty() ? here : elsewhere).add(write);
        }
        return new Outcome(
                pods, took, cluster.callsAfter(lastCall), List.copyOf(here), List.copyOf(elsewhere), machine);
    }

    int pods() {
        return bursts.stream().mapToInt(Burst::pods).sum();
    }

    private void createPods(BenchApi api) {
        var failures = new ConcurrentLinkedQueue<RuntimeException>();
        // One thread for each request, so that a slow answer does not hold up the next pod.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long due = System.nanoTime();
            int number = 0;
            for (var burst : bursts) {
                due = Math.max(due, System.nanoTime());
                for (int i = 0; i < burst.pods(); i++) {
                    BenchApi.sleepUntil(due);
                    due += burst.perSecond() == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / burst.perSecond();
                    int pod = ++number;
                    threads.execute(() -> {
                        try {
                            api.create(
                                    BenchApi.PODS.formatted(namespace),
                                    BenchObjects.pod(podName(pod), gpuModel.apply(pod)));
                        } catch (RuntimeException e) {
                            failures.add(e);
                        }
                    });
                }
            }
        }
        if (!failures.isEmpty()) {
            throw failures.element();
        }
    }

    private static String podName(int number) {
        return "pod-%04d".formatted(number);
    }

    private Map<PodUid, String> requireReady(BenchApi api) {
        var ready = new HashMap<PodUid, String>();
        String waiting = "";
        for (var pod : api.read(BenchApi.PODS.formatted(namespace)).path("items")) {
            boolean isReady = false;
            var conditions = new ArrayList<String>();
            for (var condition : pod.path("status").path("conditions")) {
                isReady |= condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True");
                conditions.add("%s=%s %s"
                        .formatted(
                                condition.path("type").asText(),
                                condition.path("status").asText(),
                                condition.path("message").asText()));
            }
            var name = pod.path("metadata").path("name").asText();
            if (isReady) {
                ready.put(new PodUid(pod.path("metadata").path("uid").asText()), name);
            } else {
                waiting = "%s: %s".formatted(name, conditions);
            }
        }
        if (ready.size() != pods()) {
            throw new BenchmarkException("%d of %d pods of %s are not ready, such as %s"
                    .formatted(pods() - ready.size(), pods(), namespace, waiting));
        }
        return ready;
    }

    /** How busy the machine and this process are, since this was made. */
    private static final class MachineLoad {
        private final com.sun.management.OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

        MachineLoad() {
            var _ = system.getCpuLoad(); // each asking begins a new interval
            var _ = system.getProcessCpuLoad();
        }

        String sinceStart() {
            return "CPUs %.0f %% busy, this process %.0f %%, load average %.1f"
                    .formatted(
                            100 * system.getCpuLoad(), 100 * system.getProcessCpuLoad(), system.getSystemLoadAverage());
        }
    }
}
