package dev.spillway.trials.scalein;

import static java.util.Objects.requireNonNullElse;

import dev.spillway.core.model.Names;
import dev.spillway.embedded.rules.DeletionCost;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/*
 * The rules are those of kubernetes pkg/controller/controller_utils.go, ActivePodsWithRanks; each counts only where those before it tie:
 * without a node before with one, Pending before Unknown before Running, not ready before ready, then the lower cost. What comes after the
 * cost cannot break its order.
 */
/**
 * What a ReplicaSet looks at first when it chooses the pods that leave.
 *
 * @param cost as the annotation is read: 0 where there is none or no number
 * @param unit the unit that placed the pod, empty where none did
 */
public record Standing(boolean hasNode, Phase phase, boolean isReady, int cost, String unit) {
    /** In the order in which pods leave. Finished pods are not chosen from. */
    public enum Phase {
        /** Any that is none of the others, too. */
        PENDING,
        /** Its node is silent. */
        UNKNOWN,
        /** Its containers run. */
        RUNNING
    }

    /** By the rules before the cost; who leaves first is less. */
    static final Comparator<Standing> BEFORE_COST = Comparator.comparing(Standing::hasNode)
            .thenComparing(Standing::phase)
            .thenComparing(Standing::isReady);

    /** Which rule before the cost lets a pod leave before one that is greater by {@link #BEFORE_COST}. */
    Why ruleBefore(Standing other) {
        if (hasNode != other.hasNode) {
            return Why.UNASSIGNED;
        }
        if (phase != other.phase) {
            return phase == Phase.PENDING ? Why.PENDING : Why.UNKNOWN;
        }
        return Why.NOT_READY;
    }

    static Standing of(Pod pod) {
        String node = pod.getSpec().getNodeName();
        Map<String, String> annotations =
                requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of());
        return new Standing(
                node != null && !node.isEmpty(),
                switch (phase(pod)) {
                    case "Running" -> Phase.RUNNING;
                    case "Unknown" -> Phase.UNKNOWN;
                    default -> Phase.PENDING;
                },
                isReady(pod),
                DeletionCost.ofText(annotations.get(Names.DELETION_COST)),
                requireNonNullElse(annotations.get(Names.UNIT), ""));
    }

    static String phase(Pod pod) {
        return pod.getStatus() == null ? "" : requireNonNullElse(pod.getStatus().getPhase(), "");
    }

    private static boolean isReady(Pod pod) {
        var conditions = pod.getStatus() == null
                ? List.<PodCondition>of()
                : pod.getStatus().getConditions();
        return conditions.stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }
}
