package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Deployment says about itself: counts, and the conditions Available and Progressing.
 *
 * <p>Rules: kubernetes {@code pkg/controller/deployment/sync.go} and {@code progress.go}.
 */
final class DeploymentStatus {

    private static final String COMPLETE = "NewReplicaSetAvailable";

    private DeploymentStatus() {}

    static void write(Api api, ObjectNode deployment, @Nullable ObjectNode newest, List<ObjectNode> sets, Instant now) {
        ObjectNode status = Trees.object();
        status.put("observedGeneration", Metadata.generation(deployment));
        long replicas = sum(sets, "replicas");
        long updated = newest == null ? 0 : Api.count(newest, "status", "replicas");
        long available = sum(sets, "availableReplicas");
        long wanted = sets.stream().mapToLong(Rollout::replicas).sum();
        putCount(status, "replicas", replicas);
        putCount(status, "updatedReplicas", updated);
        putCount(status, "readyReplicas", sum(sets, "readyReplicas"));
        putCount(status, "availableReplicas", available);
        putCount(status, "unavailableReplicas", Math.max(0, wanted - available));
        status.put("terminatingReplicas", sum(sets, "terminatingReplicas"));
        status.set("conditions", Api.withConditionLast(deployment, available(deployment, available, now)));
        ObjectNode progressing = progressing(deployment, newest, replicas, updated, available, now);
        if (progressing != null) {
            ObjectNode soFar = Trees.object();
            soFar.set("status", status);
            status.set("conditions", Api.withConditionLast(soFar, progressing));
        }
        ObjectNode patch = Trees.object();
        patch.set("status", status);
        api.mergeStatus(ResourceType.DEPLOYMENTS, deployment, patch, now);
    }

    private static ObjectNode available(ObjectNode deployment, long available, Instant now) {
        Rollout rollout = new Rollout(deployment);
        boolean enough = available >= rollout.desired() - rollout.maxUnavailable();
        return condition(
                deployment,
                "Available",
                enough ? "True" : "False",
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                now);
    }

    private static @Nullable ObjectNode progressing(
            ObjectNode deployment,
            @Nullable ObjectNode newest,
            long replicas,
            long updated,
            long available,
            Instant now) {
        JsonNode before = Api.condition(deployment, "Progressing");
        String reason = before == null ? null : Trees.text(before, "reason");
        if (newest == null || (COMPLETE.equals(reason) && replicas == updated)) {
            return null;
        }
        long desired = new Rollout(deployment).desired();
        String set = "ReplicaSet \"" + Api.name(newest) + "\"";
        if (updated == desired && replicas == desired && available == desired) {
            return condition(deployment, "Progressing", "True", COMPLETE, set + " has successfully progressed.", now);
        }
        if (before == null && updated == 0) {
            return condition(
                    deployment,
                    "Progressing",
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + Api.name(newest) + "\"",
                    now);
        }
        long oldLeft = replicas - updated;
        long oldLeftBefore =
                Api.count(deployment, "status", "replicas") - Api.count(deployment, "status", "updatedReplicas");
        boolean moved = before == null
                || updated > Api.count(deployment, "status", "updatedReplicas")
                || oldLeft < oldLeftBefore
                || available > Api.count(deployment, "status", "availableReplicas");
        if (moved) {
            ObjectNode moving =
                    condition(deployment, "Progressing", "True", "ReplicaSetUpdated", set + " is progressing.", now);
            return moving.put("lastUpdateTime", Metadata.time(now));
        }
        String updatedAt = before == null ? null : Trees.text(before, "lastUpdateTime");
        long deadline = Api.count(deployment, "spec", "progressDeadlineSeconds");
        boolean late = updatedAt != null && now.isAfter(Instant.parse(updatedAt).plusSeconds(deadline));
        return late
                ? condition(
                        deployment,
                        "Progressing",
                        "False",
                        "ProgressDeadlineExceeded",
                        set + " has timed out progressing.",
                        now)
                : null;
    }

    /** A condition that says the same as before keeps its times. */
    private static ObjectNode condition(
            ObjectNode deployment, String type, String status, String reason, String message, Instant now) {
        JsonNode before = Api.condition(deployment, type);
        String since = null;
        if (before instanceof ObjectNode object && status.equals(Trees.text(object, "status"))) {
            if (reason.equals(Trees.text(object, "reason"))) {
                return Trees.thaw(object);
            }
            since = Trees.text(object, "lastTransitionTime");
        }
        return Trees.object()
                .put("type", type)
                .put("status", status)
                .put("lastUpdateTime", Metadata.time(now))
                .put("lastTransitionTime", since == null ? Metadata.time(now) : since)
                .put("reason", reason)
                .put("message", message);
    }

    private static long sum(List<ObjectNode> sets, String field) {
        return sets.stream().mapToLong(set -> Api.count(set, "status", field)).sum();
    }

    /** Counts of nothing are left out by the API. */
    private static void putCount(ObjectNode status, String field, long count) {
        if (count == 0) {
            status.putNull(field);
        } else {
            status.put(field, count);
        }
    }
}
