package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a Deployment that is scaled, or paused, shares its replicas among the ReplicaSets that it has.
 *
 * <p>Rules: kubernetes {@code pkg/controller/deployment/sync.go}, scale and isScalingEvent, and {@code
 * util/deployment_util.go}, GetReplicaSetProportion. The Deployment's size that a ReplicaSet was last written for is in its
 * annotations.
 */
final class Scaling {

    /** The annotation with the replicas of the Deployment. */
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";

    /** The annotation with the replicas that the Deployment may have at most, during a rollout. */
    static final String MOST = "deployment.kubernetes.io/max-replicas";

    private static final Comparator<ObjectNode> OLDER_FIRST = Comparator.<ObjectNode, String>comparing(
                    set -> set.path("metadata").path("creationTimestamp").asText())
            .thenComparing(Api::name);

    /** So many replicas a ReplicaSet is to have. */
    record Size(ObjectNode set, long replicas) {}

    private final ObjectNode deployment;
    private final @Nullable ObjectNode newest;
    private final List<ObjectNode> olds;
    private final Rollout rollout;

    /**
     * The ReplicaSets of a Deployment.
     *
     * @param newest the one that has its pod template; null where there is none
     * @param olds the others, oldest first
     */
    Scaling(ObjectNode deployment, @Nullable ObjectNode newest, List<ObjectNode> olds, Rollout rollout) {
        this.deployment = deployment;
        this.newest = newest;
        this.olds = olds;
        this.rollout = rollout;
    }

    /** Whether the Deployment was scaled since one of its ReplicaSets was written. */
    boolean isDue() {
        for (ObjectNode set : active()) {
            Long then = annotation(set, DESIRED);
            if (then != null && then != rollout.desired()) {
                return true;
            }
        }
        return false;
    }

    /** The sizes to write, even where one stays as it is. */
    List<Size> sizes() {
        List<ObjectNode> active = active();
        if (active.size() <= 1) {
            ObjectNode only = active.isEmpty() ? latest() : active.getFirst();
            boolean differs = only != null && Rollout.replicas(only) != rollout.desired();
            return only != null && differs ? List.of(new Size(only, rollout.desired())) : List.of();
        }
        if (isSaturated()) {
            return active.stream()
                    .filter(set -> !set.equals(newest))
                    .map(old -> new Size(old, 0))
                    .toList();
        }
        return rollout.isRolling() ? inProportion(active) : List.of();
    }

    private List<Size> inProportion(List<ObjectNode> active) {
        long present = active.stream().mapToLong(Rollout::replicas).sum();
        long toAdd = (rollout.desired() > 0 ? rollout.desired() + rollout.maxSurge() : 0) - present;
        // The largest gains or loses most; of those alike the newest gains first, and the oldest loses first.
        active.sort(Comparator.<ObjectNode>comparingLong(set -> -Rollout.replicas(set))
                .thenComparing(toAdd > 0 ? OLDER_FIRST.reversed() : OLDER_FIRST));
        List<Size> sizes = new ArrayList<>();
        long added = 0;
        for (ObjectNode set : active) {
            long share = share(set, toAdd, added);
            sizes.add(new Size(set, Rollout.replicas(set) + share));
            added += share;
        }
        Size first = sizes.getFirst();
        // What rounding left over is the first one's.
        sizes.set(0, new Size(first.set(), Math.max(0, first.replicas() + toAdd - added)));
        return sizes;
    }

    /** How many of the replicas to add, or to take away where negative, are a ReplicaSet's: as large a part as it is of all. */
    private long share(ObjectNode set, long toAdd, long added) {
        if (toAdd == 0 || toAdd == added) {
            return 0;
        }
        long left = toAdd - added;
        long fraction = fraction(set);
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private long fraction(ObjectNode set) {
        long replicas = Rollout.replicas(set);
        if (rollout.desired() == 0) {
            return -replicas;
        }
        Long written = annotation(set, MOST);
        long before = written == null || written == 0 ? Api.count(deployment, "status", "replicas") : written;
        if (before == 0) {
            return 0;
        }
        double size = (double) (replicas * (rollout.desired() + rollout.maxSurge())) / before;
        return Math.round(size) - replicas;
    }

    private boolean isSaturated() {
        if (newest == null) {
            return false;
        }
        Long then = annotation(newest, DESIRED);
        return Rollout.replicas(newest) == rollout.desired()
                && then != null
                && then == rollout.desired()
                && Rollout.available(newest) == rollout.desired();
    }

    private List<ObjectNode> active() {
        List<ObjectNode> active = new ArrayList<>(olds);
        if (newest != null) {
            active.add(newest);
        }
        active.removeIf(set -> Rollout.replicas(set) == 0);
        return active;
    }

    private @Nullable ObjectNode latest() {
        return newest != null || olds.isEmpty() ? newest : olds.getLast();
    }

    private static @Nullable Long annotation(JsonNode set, String name) {
        String text = Trees.text(set, "metadata", "annotations", name);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException notANumber) {
            return null; // somebody else's writing; the original does not heed it either
        }
    }
}
