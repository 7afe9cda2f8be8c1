package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks things up in a world, each time from the beginning. */
record Surroundings(World world) {
    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText();
    }

    JsonNode pending() {
        return world.pending();
    }

    /** Pods that take room: those that are not finished, being deleted or not. */
    List<ObjectNode> pods() {
        return world.pods().stream()
                .filter(pod ->
                        !FINISHED.contains(pod.path("status").path("phase").asText()))
                .toList();
    }

    List<ObjectNode> podsOn(JsonNode node) {
        return pods().stream()
                .filter(pod -> pod.path("spec").path("nodeName").asText().equals(name(node)))
                .toList();
    }

    JsonNode nodeOf(JsonNode pod) {
        return named(world.nodes(), pod.path("spec").path("nodeName").asText()).orElseThrow();
    }

    JsonNode namespaceLabels(String namespace) {
        return named(world.namespaces(), namespace)
                .orElseThrow()
                .path("metadata")
                .path("labels");
    }

    Optional<ObjectNode> volume(String name) {
        return named(world.volumes(), name);
    }

    Optional<ObjectNode> storageClass(String name) {
        return named(world.storageClasses(), name);
    }

    Optional<ObjectNode> csiNode(JsonNode node) {
        return named(world.csiNodes(), name(node));
    }

    /** The claim of that name beside the pod. */
    Optional<ObjectNode> claim(JsonNode pod, String name) {
        return world.claims().stream()
                .filter(claim -> name(claim).equals(name) && namespace(claim).equals(namespace(pod)))
                .findFirst();
    }

    private static Optional<ObjectNode> named(List<ObjectNode> objects, String name) {
        return objects.stream().filter(each -> name(each).equals(name)).findFirst();
    }
}
