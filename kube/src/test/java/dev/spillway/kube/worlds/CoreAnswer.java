package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.fit.Scoring;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Spillway itself says: its decoder over the JSON, and the constraints of its core. */
public final class CoreAnswer {
    private CoreAnswer() {}

    /** Names of the nodes, real and virtual, that take the pending pod of the world. */
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
        var kind = Arrays.stream(Kind.values())
                .filter(one -> one.singular().equals(object.path("kind").asText()))
                .findFirst()
                .orElseThrow();
        var seen = Decoder.decode(kind, object).seen();
        if (seen instanceof Event.NamespaceSeen namespace) {
            nodes.namespaceSeen(namespace.name(), namespace.labels());
            return;
        }
        if (seen instanceof Event.NodeSeen node) {
            nodes.nodeSeen(node.node());
            return;
        }
        if (seen instanceof Event.PodSeen pod) {
            nodes.podSeen(pod.pod());
            return;
        }
        if (seen instanceof Event.StorageSeen storage) {
            nodes.storageSeen(storage.object());
            return;
        }
        throw new IllegalStateException("A world has no " + kind);
    }
}
