package dev.spillway.clusterregion.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Quantity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of PodMetrics (metrics.k8s.io/v1beta1), which is what kubectl top reads, for those pods and containers that we know of. Untrusted: what cannot be
 * read is left out. Pure.
 */
final class PodMetrics {
    private static final long MOST_NANO_CORES = 1_000_000_000_000_000L; // a million cores
    private static final long MOST_BYTES = 1L << 50;
    private static final String PATH = "/apis/metrics.k8s.io/v1beta1/pods?labelSelector=";

    private PodMetrics() {}

    static String path(String labelSelector) {
        return PATH + ApiRequest.segment(labelSelector);
    }

    /** Whether it is one. */
    static boolean isList(JsonNode list) {
        var items = list.path("items");
        return "PodMetricsList".equals(list.path("kind").textValue()) && (items.isArray() || items.isNull());
    }

    /** Whether the answer means that the API server has no such kind, since no metrics-server was ever installed; it says so in plain text. */
    static boolean isNotServed(ApiResponse response) {
        return response.code() == 404
                && (response.body().strip().equals("404 page not found")
                        || (Calls.read(response) instanceof Reply.No no && no.isNotFound()));
    }

    /** By instance what the list says of its running containers. */
    static Map<InstanceId, List<CpuCounters.Reported>> read(JsonNode list, List<KnownPod> known) {
        var podByName = new HashMap<String, KnownPod>();
        known.forEach(pod -> podByName.put(pod.id().namespace() + "/" + pod.id().name(), pod));
        var read = new HashMap<InstanceId, List<CpuCounters.Reported>>();
        for (var item : list.path("items")) {
            var metadata = item.path("metadata");
            // The name of a pod of ours is never used twice: there is a token in it.
            var pod = podByName.get(metadata.path("namespace").asText() + "/"
                    + metadata.path("name").asText());
            var at = instant(item.path("timestamp"));
            if (pod != null && at.isPresent()) {
                var containers = containers(item, pod, at.get());
                if (!containers.isEmpty()) {
                    read.put(pod.id().instance(), containers);
                }
            }
        }
        return read;
    }

    private static List<CpuCounters.Reported> containers(JsonNode item, KnownPod pod, Instant at) {
        var report = pod.report();
        if (report == null) {
            return List.of();
        }
        var running = new HashMap<String, Instant>();
        for (ContainerReport container : report.instance().containers()) {
            var startedAt = container.startedAt();
            // A report from before its start is about the one before it.
            if (startedAt != null && container.isRunning() && startedAt.isBefore(at)) {
                running.put(container.name(), startedAt);
            }
        }
        var containers = new ArrayList<CpuCounters.Reported>();
        for (var container : item.path("containers")) {
            var name = container.path("name").asText();
            var startedAt = running.remove(name); // so that none counts twice
            if (startedAt != null) {
                reported(container, name, startedAt, at).ifPresent(containers::add);
            }
        }
        return containers;
    }

    private static Optional<CpuCounters.Reported> reported(
            JsonNode container, String name, Instant startedAt, Instant at) {
        var cpu = container.at("/usage/cpu").textValue();
        var memory = container.at("/usage/memory").textValue();
        if (cpu == null || memory == null) {
            return Optional.empty();
        }
        try {
            long nanoCores = Math.min(MOST_NANO_CORES, Quantity.nanos(cpu));
            long bytes = Math.min(MOST_BYTES, Quantity.units(memory));
            return Optional.of(new CpuCounters.Reported(name, startedAt, at, nanoCores, bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
