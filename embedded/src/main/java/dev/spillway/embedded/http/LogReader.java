package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a pod. Rules: kubernetes {@code pkg/registry/core/pod/strategy.go}, LogLocation, and {@code
 * pkg/kubelet/kubelet_pods.go}, validateContainerLogStatus. Thread-safe.
 */
final class LogReader {

    /** As kubelets write them. */
    private static final DateTimeFormatter TIMES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final PodLogs logs;

    LogReader(PodLogs logs) {
        this.logs = logs;
    }

    /** What the options ask for; nothing while the pod has no node, as the API answers it. */
    byte[] read(ObjectNode pod, LogOptions options) {
        byte[] text = text(wanted(lines(pod, options), options), options).getBytes(StandardCharsets.UTF_8);
        return options.bytes() == null || options.bytes() >= text.length
                ? text
                : Arrays.copyOf(text, options.bytes().intValue());
    }

    /**
     * All that the container has said; nothing while the pod has no node.
     *
     * @throws Failure 400 where it has not started yet
     */
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
        requireStarted(pod, container);
        return logs.lines(pod, container);
    }

    /** On a node, a container that nobody has written a word about is one that is being made. */
    private static void requireStarted(ObjectNode pod, String container) {
        JsonNode status = status(pod, container);
        JsonNode state = status.path("state");
        if (state.has("running")
                || state.has("terminated")
                || status.path("lastState").has("terminated")) {
            return;
        }
        String reason = state.path("waiting").path("reason").asText("ContainerCreating");
        throw Failure.badRequest("container \"%s\" in pod \"%s\" is waiting to start: %s"
                .formatted(container, pod.at("/metadata/name").asText(), shown(reason)));
    }

    private static String shown(String reason) {
        return switch (reason) {
            case "ErrImagePull" -> "image can't be pulled";
            case "ImagePullBackOff" -> "trying and failing to pull image";
            default -> reason;
        };
    }

    private static JsonNode status(ObjectNode pod, String container) {
        for (String field : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : Trees.elements(pod, "status", field)) {
                if (status.path("name").asText().equals(container)) {
                    return status;
                }
            }
        }
        return MissingNode.getInstance();
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
            text.append(options.timestamps() ? TIMES.format(line.time()) + " " : "")
                    .append(line.text())
                    .append('\n');
        }
        return text.toString();
    }

    /** Whether a container will say nothing more. */
    boolean isSilent(ObjectNode pod, LogOptions options) {
        return List.of("Succeeded", "Failed").contains(pod.at("/status/phase").asText())
                || Trees.text(pod, "spec", "nodeName") == null
                || !status(pod, container(pod, options.container()))
                        .path("state")
                        .has("running");
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
