package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The virtual nodes of a world, which stand for zones of regions that have stock. Room, ports and volumes do not bind them; what else
 * speaks against a node binds them as it binds real ones. Nor does their provider's taint, for Spillway tolerates it on a pod's behalf:
 * where the pod does not say so itself, it cannot be judged by kube-scheduler, and is not compared.
 */
public final class VirtualNodes {
    private VirtualNodes() {}

    static boolean isVirtual(JsonNode node) {
        return node.path("metadata").path("labels").path("type").asText().equals("virtual-kubelet");
    }

    /** Names of the nodes that take the pending pod, as the verdict has it. */
    public static Set<String> expected(World world, Verdict verdict) {
        return names(
                world,
                node -> verdict.against(Surroundings.name(node)).stream()
                        .noneMatch(each -> each.bindsVirtualNodes() || !isVirtual(node)));
    }

    /** Those of these nodes that can be compared. */
    public static Set<String> comparable(World world, Set<String> nodes) {
        return names(world, node -> nodes.contains(Surroundings.name(node)));
    }

    private static Set<String> names(World world, Predicate<JsonNode> wanted) {
        var names = new TreeSet<String>();
        for (var node : world.nodes()) {
            if (wanted.test(node) && !isImplied(node, world.pending())) {
                names.add(Surroundings.name(node));
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Whether Spillway alone tolerates the provider's taint. */
    private static boolean isImplied(JsonNode node, JsonNode pod) {
        return isVirtual(node)
                && Selectors.any(
                        node.path("spec").path("taints"),
                        taint -> taint.path("key").asText().equals(Vocabulary.PROVIDER)
                                && !Oracle.tolerates(pod, taint));
    }
}
