package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.fit.Scoring;
import dev.spillway.kube.translate.Decoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Spillway itself says: its decoder over the JSON, and the constraints of its core. */
public final class CoreAnswer {
    private CoreAnswer() {}

    /** Names of the nodes that take the pending pod of the world. */
    public static Set<String> feasible(World world) {
        return feasible(world.surroundings().toList(), world.pending());
    }

    /** Names of the nodes among these objects that take the pod. */
    public static Set<String> feasible(List<? extends JsonNode> surroundings, JsonNode pending) {
        try {
            var nodes = new RealNodes(Scoring.LEAST_ALLOCATED);
            for (var object : surroundings) {
                tell(nodes, object);
            }
            var feasible = new TreeSet<String>();
            nodes.feasible(Decoder.pod(pending.toString())).forEach(node -> feasible.add(node.value()));
            return feasible;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(RealNodes nodes, JsonNode object) throws IOException {
        switch (object.path("kind").asText()) {
            case "Namespace" -> {
                var namespace = Decoder.namespace(object.toString());
                nodes.namespaceSeen(namespace.name(), namespace.labels());
            }
            case "Node" -> nodes.nodeSeen(Decoder.node(object.toString()));
            case "Pod" -> nodes.podSeen(Decoder.pod(object.toString()));
            default -> nodes.storageSeen(Decoder.storage(object));
        }
    }
}
