package dev.spillway.kubelet.usage;

import dev.spillway.core.model.PodKey;
import dev.spillway.kubelet.usage.NodeUsage.PodUsage;
import dev.spillway.regions.running.ContainerUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Function;

/**
 * The figures as {@code /metrics/resource} of a kubelet 1.37 has them, in the text format of Prometheus 0.0.4: the same names, help texts, labels,
 * units and times. A kubelet's figures about swap are missing, since a region tells none.
 */
final class ResourceMetrics {
    private static final int NANO_DIGITS = 9;

    private final StringBuilder text = new StringBuilder(4096);

    private ResourceMetrics() {}

    static String text(NodeUsage node) {
        var metrics = new ResourceMetrics();
        metrics.containers(node);
        metrics.node(node);
        metrics.pods(node);
        metrics.begin(
                "resource_scrape_error",
                "gauge",
                "1 if there was an error while getting container metrics, 0 otherwise");
        metrics.text
                .append("resource_scrape_error ")
                .append(node.problem().isEmpty() ? 0 : 1)
                .append('\n');
        return metrics.text.toString();
    }

    private void containers(NodeUsage node) {
        eachContainer(
                node,
                "container_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed by the container in core-seconds",
                it -> seconds(it.cpuNanos()) + " " + it.at().toEpochMilli());
        eachContainer(
                node,
                "container_memory_working_set_bytes",
                "gauge",
                "Current working set of the container in bytes",
                it -> it.memoryBytes() + " " + it.at().toEpochMilli());
        eachContainer(
                node,
                "container_start_time_seconds",
                "gauge",
                "Start time of the container since unix epoch in seconds",
                it -> seconds(it.startedAt()));
    }

    private void node(NodeUsage node) {
        node.total().ifPresent(total -> {
            begin(
                    "node_cpu_usage_seconds_total",
                    "counter",
                    "Cumulative cpu time consumed by the node in core-seconds");
            line("node_cpu_usage_seconds_total", "", seconds(total.cpuNanos()), total.at());
            begin("node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes");
            line("node_memory_working_set_bytes", "", Long.toString(total.memoryBytes()), total.at());
        });
    }

    private void pods(NodeUsage node) {
        eachPod(
                node,
                "pod_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed by the pod in core-seconds",
                pod -> seconds(pod.total().cpuNanos()));
        eachPod(
                node,
                "pod_memory_working_set_bytes",
                "gauge",
                "Current working set of the pod in bytes",
                pod -> Long.toString(pod.total().memoryBytes()));
    }

    private void eachContainer(
            NodeUsage node, String name, String type, String help, Function<ContainerUsage, String> value) {
        if (node.pods().isEmpty()) {
            return;
        }
        begin(name, type, help);
        for (var pod : node.pods()) {
            for (var container : pod.containers()) {
                text.append(name)
                        .append("{container=\"")
                        .append(container.name())
                        .append("\",");
                text.append(labels(pod.pod()))
                        .append("} ")
                        .append(value.apply(container))
                        .append('\n');
            }
        }
    }

    private void eachPod(NodeUsage node, String name, String type, String help, Function<PodUsage, String> value) {
        if (node.pods().isEmpty()) {
            return;
        }
        begin(name, type, help);
        for (var pod : node.pods()) {
            line(
                    name,
                    "{" + labels(pod.pod()) + "}",
                    value.apply(pod),
                    pod.total().at());
        }
    }

    /** Names of Kubernetes need no escapes. */
    private static String labels(PodKey pod) {
        return "namespace=\"%s\",pod=\"%s\"".formatted(pod.namespace(), pod.name());
    }

    private void begin(String name, String type, String help) {
        text.append("# HELP ").append(name).append(" [STABLE] ").append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, String value, Instant at) {
        text.append(name)
                .append(labels)
                .append(' ')
                .append(value)
                .append(' ')
                .append(at.toEpochMilli())
                .append('\n');
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).toPlainString();
    }

    private static String seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString();
    }
}
