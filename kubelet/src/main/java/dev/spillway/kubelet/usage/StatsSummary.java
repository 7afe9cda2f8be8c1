package dev.spillway.kubelet.usage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The figures as {@code /stats/summary} of a kubelet has them: {@code Summary} of kubelet.stats/v1alpha1. What a region does not tell is missing. */
final class StatsSummary {
    private StatsSummary() {}

    static String json(NodeUsage usage) {
        var summary = JsonNodeFactory.instance.objectNode();
        var node = summary.putObject("node").put("nodeName", usage.node().value());
        usage.total().ifPresent(total -> {
            node.put("startTime", time(total.since()));
            figures(node, total.at(), total.cpuNanos(), total.nanoCores(), total.memoryBytes());
        });
        var pods = summary.putArray("pods");
        for (var pod : usage.pods()) {
            var json = pods.addObject();
            json.putObject("podRef")
                    .put("name", pod.pod().name())
                    .put("namespace", pod.pod().namespace())
                    .put("uid", pod.uid().value());
            var total = pod.total();
            json.put("startTime", time(total.since()));
            var containers = json.putArray("containers");
            for (var container : pod.containers()) {
                var one = containers.addObject().put("name", container.name());
                one.put("startTime", time(container.startedAt()));
                figures(one, container.at(), container.cpuNanos(), container.nanoCores(), container.memoryBytes());
            }
            figures(json, total.at(), total.cpuNanos(), total.nanoCores(), total.memoryBytes());
        }
        return summary.toString();
    }

    private static void figures(ObjectNode json, Instant at, long cpuNanos, long nanoCores, long memoryBytes) {
        json.putObject("cpu")
                .put("time", time(at))
                .put("usageNanoCores", nanoCores)
                .put("usageCoreNanoSeconds", cpuNanos);
        json.putObject("memory").put("time", time(at)).put("workingSetBytes", memoryBytes);
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
