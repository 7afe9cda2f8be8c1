package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of a pod. Rules: kubernetes {@code pkg/registry/core/pod/strategy.go}, LogLocation. */
final class LogReader {

    private final PodLogs logs;

    LogReader(PodLogs logs) {
        this.logs = logs;
    }

    /** What the request asks for; nothing while the pod has no node, as the API answers it. */
    String read(ObjectNode pod, Query query) {
        for (String option : List.of("follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "limitBytes")) {
            String value = query.text(option);
            if (value != null && !value.equals("false")) {
                throw Failure.notSupported("The option (%s) of a log".formatted(option));
            }
        }
        String container = container(pod, query.text("container"));
        if (Trees.text(pod, "spec", "nodeName") == null) {
            return "";
        }
        return tail(logs.read(pod, container), query.number("tailLines"));
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

    private static String tail(String text, @Nullable Long lines) {
        if (lines == null) {
            return text;
        }
        List<String> all = text.lines().toList();
        List<String> last = all.subList((int) Math.max(0, all.size() - lines), all.size());
        return last.isEmpty() ? "" : String.join("\n", last) + "\n";
    }
}
