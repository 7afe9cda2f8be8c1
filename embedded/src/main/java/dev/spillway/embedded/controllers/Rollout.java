package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arithmetic of a Deployment's rollout: how many replicas each of its ReplicaSets is to have next.
 *
 * <p>Rules: kubernetes {@code pkg/controller/deployment/rolling.go}, {@code recreate.go}, {@code util/deployment_util.go}. What a
 * Deployment becomes that is scaled in the middle of a rollout is decided by {@link Scaling}.
 */
final class Rollout {

    private final long desired;
    private final long maxSurge;
    private final long maxUnavailable;
    private final boolean recreate;

    Rollout(JsonNode deployment) {
        JsonNode spec = deployment.path("spec");
        desired = spec.path("replicas").asLong();
        recreate = spec.path("strategy").path("type").asText().equals("Recreate");
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        maxSurge = recreate ? 0 : scaled(rolling.path("maxSurge"), desired, Rounding.UP);
        long unavailable = recreate ? 0 : scaled(rolling.path("maxUnavailable"), desired, Rounding.DOWN);
        // Both may come out as nothing, by rounding; then one pod may be missing, else nothing would ever move.
        maxUnavailable =
                desired == 0 || recreate ? 0 : Math.min(desired, maxSurge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    boolean isRolling() {
        return !recreate;
    }

    long desired() {
        return desired;
    }

    long maxSurge() {
        return maxSurge;
    }

    long maxUnavailable() {
        return maxUnavailable;
    }

    /** How many replicas a new ReplicaSet begins with or grows to, beside {@code others} of older ones. */
    long newReplicas(long current, long others) {
        if (current >= desired || recreate) {
            return desired;
        }
        long room = desired + maxSurge - current - others;
        return room <= 0 ? current : current + Math.min(room, desired - current);
    }

    /**
     * How many replicas older ReplicaSets are to have, by name; only those that change.
     *
     * @param olds oldest first, each with at least one replica
     */
    Map<String, Long> oldReplicas(ObjectNode newest, List<ObjectNode> olds) {
        Map<String, Long> changes = new LinkedHashMap<>();
        if (recreate) {
            olds.forEach(old -> changes.put(Api.name(old), 0L));
            return changes;
        }
        long minAvailable = desired - maxUnavailable;
        long all = replicas(newest);
        long available = available(newest);
        for (ObjectNode old : olds) {
            all += replicas(old);
            available += available(old);
        }
        long most = all - minAvailable - (replicas(newest) - available(newest));
        if (most <= 0) {
            return changes;
        }
        // Pods that are not available cost nothing to lose, so they go first.
        long cleaned = 0;
        for (ObjectNode old : olds) {
            if (cleaned == most) {
                break;
            }
            long unhealthy = Math.min(most - cleaned, replicas(old) - available(old));
            if (unhealthy < 0) {
                // Its status is older than its size. The original gives up here as well, and looks again later.
                return changes;
            }
            if (unhealthy > 0) {
                cleaned += unhealthy;
                changes.put(Api.name(old), replicas(old) - unhealthy);
            }
        }
        long spare = available - minAvailable;
        for (ObjectNode old : olds) {
            long left = changes.getOrDefault(Api.name(old), replicas(old));
            long down = Math.min(left, spare);
            if (down > 0) {
                spare -= down;
                changes.put(Api.name(old), left - down);
            }
        }
        return changes;
    }

    static long replicas(JsonNode set) {
        return Api.count(set, "spec", "replicas");
    }

    static long available(JsonNode set) {
        return Api.count(set, "status", "availableReplicas");
    }

    /** What becomes of a part of a whole. */
    enum Rounding {
        UP,
        DOWN
    }

    /** A number, or a share of a whole. Rules: apimachinery {@code pkg/util/intstr}, GetScaledValueFromIntOrPercent. */
    static long scaled(JsonNode value, long whole, Rounding rounding) {
        if (!value.isTextual()) {
            return value.asLong();
        }
        long percent = Long.parseLong(value.asText().replace("%", ""));
        long product = whole * percent;
        return rounding == Rounding.UP ? Math.ceilDiv(product, 100L) : product / 100;
    }
}
