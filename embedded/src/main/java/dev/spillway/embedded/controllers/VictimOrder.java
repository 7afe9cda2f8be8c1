package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.rules.DeletionCost;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Which pods of a ReplicaSet go first when it is scaled in. Each rule counts only where those before it tie [1]:
 *
 *   1. without a node before with one
 *   2. Pending before Unknown before Running
 *   3. not ready before ready
 *   4. lower controller.kubernetes.io/pod-deletion-cost first; a malformed one is 0
 *   5. more pods of the same owner's on its node first
 *   6. ready for a shorter time first, where both are ready
 *   7. more restarts first, of ordinary containers; sidecars, which decide a tie in the original, are not looked at
 *   8. created later first
 *
 * Times in 6 and 8 are compared by the whole part of the logarithm to base 2 of the age in nanoseconds, a tie by UID, so that the
 * youngest are not always the victims [2]. What ties to the end goes by name here; the real order is then left to its sort.
 *
 * [1] kubernetes pkg/controller/controller_utils.go, ActivePodsWithRanks
 * [2] KEP-2185, random pod selection on ReplicaSet downscale
 */
/** The order in which the pods of a ReplicaSet are deleted: the first victim is the least. */
public final class VictimOrder implements Comparator<JsonNode> {

    private final Map<String, Integer> relatedByNode = new HashMap<>();
    private final Instant now;
    private final Comparator<JsonNode> order = Comparator.<JsonNode, Boolean>comparing(
                    pod -> !node(pod).isEmpty())
            .thenComparingInt(VictimOrder::phase)
            .thenComparing(Pods::isReady)
            .thenComparingInt(DeletionCost::of)
            .thenComparingInt(pod -> -related(node(pod)))
            .thenComparing(this::byReadyTime)
            .thenComparingLong(pod -> -restarts(pod))
            .thenComparing(this::byCreation)
            .thenComparing(Api::name);

    /**
     * The order at a moment.
     *
     * @param related the pods of all ReplicaSets of the same owner
     */
    public VictimOrder(Iterable<? extends JsonNode> related, Instant now) {
        this.now = now;
        for (JsonNode pod : related) {
            if (Pods.isActive(pod)) {
                relatedByNode.merge(node(pod), 1, Integer::sum);
            }
        }
    }

    @Override
    public int compare(JsonNode one, JsonNode other) {
        return order.compare(one, other);
    }

    private int related(String node) {
        return relatedByNode.getOrDefault(node, 0);
    }

    private int byReadyTime(JsonNode one, JsonNode other) {
        if (!Pods.isReady(one) || !Pods.isReady(other)) {
            return 0;
        }
        return byAge(one, Pods.readySince(one), other, Pods.readySince(other));
    }

    private int byCreation(JsonNode one, JsonNode other) {
        return byAge(one, created(one), other, created(other));
    }

    /** The younger first; unknown times before known ones. */
    private int byAge(JsonNode one, @Nullable Instant oneSince, JsonNode other, @Nullable Instant otherSince) {
        if (Objects.equals(oneSince, otherSince)) {
            return 0;
        }
        if (oneSince == null || otherSince == null) {
            return oneSince == null ? -1 : 1;
        }
        int ranks = Long.compare(rank(oneSince), rank(otherSince));
        return ranks != 0 ? ranks : Api.uid(one).compareTo(Api.uid(other));
    }

    private long rank(Instant since) {
        long age = Duration.between(since, now).toNanos();
        return age <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(age);
    }

    private static @Nullable Instant created(JsonNode pod) {
        String time = Trees.text(pod, "metadata", "creationTimestamp");
        return time == null ? null : Instant.parse(time);
    }

    private static String node(JsonNode pod) {
        String node = Trees.text(pod, "spec", "nodeName");
        return node == null ? "" : node;
    }

    private static int phase(JsonNode pod) {
        return switch (pod.path("status").path("phase").asText()) {
            case "Unknown" -> 1;
            case "Running" -> 2;
            default -> 0;
        };
    }

    private static long restarts(JsonNode pod) {
        long most = 0;
        for (JsonNode status : Trees.elements(pod, "status", "containerStatuses")) {
            most = Math.max(most, status.path("restartCount").asLong());
        }
        return most;
    }
}
