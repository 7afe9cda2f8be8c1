package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of a pod. Rules: kubernetes {@code pkg/registry/core/pod/strategy.go}, LogLocation. Thread-safe. */
final class LogReader {

    private final PodLogs logs;

    LogReader(PodLogs logs) {
        this.logs = logs;
    }

    /** What the options ask for; nothing while the pod has no node, as the API answers it. */
    String read(ObjectNode pod, LogOptions options) {
        return text(wanted(lines(pod, options), options), options);
    }

    /** All that the container has said; nothing while the pod has no node. */
    List<PodLogs.Line> lines(ObjectNode pod, LogOptions options) {
        String container = container(pod, options.container());
        if (Trees.text(pod, "spec", "nodeName") == null) {
            return List.of();
        }
        if (options.previous()) {
            // Containers here do not start twice.
            throw Failure.badRequest("previous terminated container \"%s\" in pod \"%s\" not found"
                    .formatted(container, pod.at("/metadata/name").asText()));
        }
        return logs.lines(pod, container);
    }

    /** The lines that the options leave of these. */
    static List<PodLogs.Line> wanted(List<PodLogs.Line> lines, LogOptions options) {
        List<PodLogs.Line> since = lines.stream()
                .filter(line -> options.since() == null || !line.time().isBefore(options.since()))
                .toList();
        return options.tail() == null
                ? since
                : since.subList((int) Math.max(0, since.size() - options.tail()), since.size());
    }

    static String text(List<PodLogs.Line> lines, LogOptions options) {
        StringBuilder text = new StringBuilder();
        for (PodLogs.Line line : lines) {
            text.append(options.timestamps() ? line.time() + " " : "")
                    .append(line.text())
                    .append('\n');
        }
        return text.toString();
    }

    /** Whether a pod will say nothing more. */
    static boolean isSilent(ObjectNode pod) {
        return List.of("Succeeded", "Failed").contains(pod.at("/status/phase").asText())
                || Trees.text(pod, "spec", "nodeName") == null;
    }

    private static String container(ObjectNode pod, @Nullable String wanted) {
        String name = pod.path("metadata").path("name").asText();
        List<String> containers = names(pod, "containers");
        List<String> all = new ArrayList<>(containers);
        all.addAll(names(pod, "initContainers"));
        if (wanted != null) {
            if (!all.contains(wanted)) {
                throw Failure.badRequest("container %s is not valid for pod %s".formatted(wanted, name));
            }
            return wanted;
        }
        if (containers.size() == 1) {
            return containers.getFirst();
        }
        throw Failure.badRequest("a container name must be specified for pod %s, choose one of: [%s]"
                .formatted(name, String.join(" ", containers)));
    }

    private static List<String> names(ObjectNode pod, String field) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : Trees.elements(pod, "spec", field)) {
            names.add(container.path("name").asText());
        }
        return names;
    }
}
