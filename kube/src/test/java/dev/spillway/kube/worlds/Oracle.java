package dev.spillway.kube.worlds;

import static dev.spillway.kube.worlds.Selectors.any;
import static dev.spillway.kube.worlds.Selectors.anyTerm;
import static dev.spillway.kube.worlds.Selectors.matchLabels;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which nodes the pending pod of a world may go to. Every rule looks at everything each time: slow, and easy to compare with
 * the documentation.
 */
public final class Oracle {
    private Oracle() {}

    /** What speaks against each node of the world. */
    public static Verdict judge(World world) {
        var verdict = new Verdict();
        var surroundings = new Surroundings(world);
        var room = new RoomRules(surroundings);
        var company = new CompanyRules(surroundings);
        var volumes = new VolumeRules(surroundings);
        for (var node : world.nodes()) {
            verdict.knows(Surroundings.name(node));
            var refused = new ArrayList<Constraint>();
            judge(node, world.pending(), refused);
            room.judge(node, refused);
            company.judge(node, refused);
            volumes.judge(node, refused);
            refused.forEach(constraint -> verdict.refuses(Surroundings.name(node), constraint));
        }
        return verdict;
    }

    /** What node and pod say about one another. */
    private static void judge(JsonNode node, JsonNode pod, List<Constraint> refused) {
        if (node.path("spec").path("unschedulable").asBoolean()
                && !tolerates(pod, Tree.of("key", "node.kubernetes.io/unschedulable", "effect", "NoSchedule"))) {
            refused.add(Constraint.UNSCHEDULABLE);
        }
        if (hasUntoleratedTaint(node, pod)) {
            refused.add(Constraint.TAINTS);
        }
        if (!matchLabels(
                pod.path("spec").path("nodeSelector"), node.path("metadata").path("labels"))) {
            refused.add(Constraint.NODE_SELECTOR);
        }
        if (!requiredNodeAffinityHolds(node, pod)) {
            refused.add(Constraint.NODE_AFFINITY);
        }
    }

    /** Of NoSchedule and NoExecute; PreferNoSchedule forbids nothing. */
    static boolean hasUntoleratedTaint(JsonNode node, JsonNode pod) {
        return any(
                node.path("spec").path("taints"),
                taint -> !taint.path("effect").asText().equals("PreferNoSchedule") && !tolerates(pod, taint));
    }

    static boolean tolerates(JsonNode pod, JsonNode taint) {
        return any(pod.path("spec").path("tolerations"), toleration -> {
            var effect = toleration.path("effect").asText();
            var key = toleration.path("key").asText();
            // An empty key with operator Exists matches all keys; an empty effect matches all effects.
            boolean about =
                    (effect.isEmpty() || effect.equals(taint.path("effect").asText()))
                            && (key.isEmpty() || key.equals(taint.path("key").asText()));
            return about
                    && (toleration.path("operator").asText().equals("Exists")
                            || toleration
                                    .path("value")
                                    .asText()
                                    .equals(taint.path("value").asText()));
        });
    }

    static boolean requiredNodeAffinityHolds(JsonNode node, JsonNode pod) {
        var required = pod.path("spec")
                .path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution");
        return required.isMissingNode()
                || anyTerm(
                        required.path("nodeSelectorTerms"),
                        node.path("metadata").path("labels"),
                        Surroundings.name(node));
    }
}
