package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many pods as each ReplicaSet asks for, and says in its status how many there are.
 *
 * <p>Rules: kubernetes {@code pkg/controller/replicaset}; which pods are its own is decided by {@link PodClaims}.
 */
public final class ReplicaSetController implements Controller {

    /** As many pods are made or deleted at a time at most: replicaset.BurstReplicas. */
    private static final int BURST = 500;

    private final Api api;
    private final EventRecorder events;

    // How often refused pods were asked for shows in the count of an event: 5 ms, doubling to 1000 s.
    private final Retries retries = new Retries(Duration.ofMillis(5), Duration.ofSeconds(1_000));

    ReplicaSetController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
    }

    @Override
    public void step(Instant now) {
        List<ObjectNode> sets = api.list(ResourceType.REPLICA_SETS);
        retries.keep(sets.stream().map(Api::uid).collect(Collectors.toSet()));
        if (sets.isEmpty()) {
            return;
        }
        PodClaims claims = new PodClaims(api);
        for (ObjectNode set : sets) {
            sync(set, sets, claims, now);
        }
    }

    private void sync(ObjectNode set, List<ObjectNode> sets, PodClaims claims, Instant now) {
        List<ObjectNode> pods = claims.settle(set, now);
        List<ObjectNode> active =
                new ArrayList<>(pods.stream().filter(Pods::isActive).toList());
        String failure = null;
        if (!Api.isDeleting(set)) {
            long surplus = active.size() - Api.count(set, "spec", "replicas");
            if (surplus < 0) {
                failure = createPods(set, (int) Math.min(-surplus, BURST), now);
            } else if (surplus > 0) {
                List<ObjectNode> related = related(set, sets, claims);
                active.sort(new VictimOrder(related, now));
                ObjectNode options = Trees.object().put("propagationPolicy", "Background");
                for (ObjectNode victim : active.subList(0, (int) Math.min(surplus, BURST))) {
                    delete(set, victim, options, now);
                }
            }
        }
        // The status tells of the pods found, not of those just made or deleted: those are news for the next step.
        long terminating = pods.stream().filter(Api::isDeleting).count();
        writeStatus(set, active, terminating, failure, now);
    }

    /** Makes pods until one is refused; the answer is why, or null. */
    private @Nullable String createPods(ObjectNode set, int count, Instant now) {
        ObjectNode pod = podOf(set);
        for (int i = 0; i < count; i++) {
            Response response = api.create(ResourceType.PODS, Api.namespace(set), pod, now);
            if (!response.isSuccess()) {
                String why = "Error creating: " + response.message();
                for (int due = retries.due(Api.uid(set), now); due > 0; due--) {
                    events.warning(Involved.object(ResourceType.REPLICA_SETS, set), "FailedCreate", why, now);
                }
                return response.message();
            }
            String created = "Created pod: " + Api.name(response.body());
            events.normal(Involved.object(ResourceType.REPLICA_SETS, set), "SuccessfulCreate", created, now);
        }
        retries.forget(Api.uid(set));
        return null;
    }

    private void delete(ObjectNode set, ObjectNode pod, ObjectNode options, Instant now) {
        if (api.delete(ResourceType.PODS, pod, options, now).isSuccess()) {
            String deleted = "Deleted pod: " + Api.name(pod);
            events.normal(Involved.object(ResourceType.REPLICA_SETS, set), "SuccessfulDelete", deleted, now);
        }
    }

    private static ObjectNode podOf(ObjectNode set) {
        JsonNode template = set.path("spec").path("template");
        ObjectNode pod = Trees.object();
        ObjectNode metadata = pod.putObject("metadata").put("generateName", Api.name(set) + "-");
        for (String field : List.of("labels", "annotations", "finalizers")) {
            Trees.put(metadata, field, Trees.at(template, "metadata", field));
        }
        metadata.set("ownerReferences", Api.ownedBy(ResourceType.REPLICA_SETS, set));
        pod.set("spec", template.path("spec"));
        return pod;
    }

    /** The pods of all ReplicaSets that have the same owner; none where there is no owner, and then no node is fuller. */
    private static List<ObjectNode> related(ObjectNode set, List<ObjectNode> sets, PodClaims claims) {
        JsonNode owner = Api.controllerOf(set);
        List<ObjectNode> related = new ArrayList<>();
        for (ObjectNode other : sets) {
            JsonNode otherOwner = Api.controllerOf(other);
            if (owner != null && otherOwner != null && owner.path("uid").equals(otherOwner.path("uid"))) {
                related.addAll(claims.of(other));
            }
        }
        return related;
    }

    private void writeStatus(
            ObjectNode set, List<ObjectNode> active, long terminating, @Nullable String failure, Instant now) {
        LabelSelector labels = LabelSelector.of(Trees.object()
                .set(
                        "matchLabels",
                        set.path("spec").path("template").path("metadata").path("labels")));
        long minReady = Api.count(set, "spec", "minReadySeconds");
        ObjectNode status = Trees.object();
        status.put("replicas", active.size());
        putCount(
                status,
                "fullyLabeledReplicas",
                active.stream()
                        .filter(pod -> labels != null && labels.matches(pod))
                        .count());
        putCount(status, "readyReplicas", active.stream().filter(Pods::isReady).count());
        putCount(
                status,
                "availableReplicas",
                active.stream()
                        .filter(pod -> Pods.isAvailable(pod, minReady, now))
                        .count());
        status.put("terminatingReplicas", terminating);
        status.put("observedGeneration", Metadata.generation(set));
        if (failure == null) {
            status.putNull("conditions");
        } else {
            status.set("conditions", Api.withConditionLast(set, failed(set, failure, now)));
        }
        ObjectNode patch = Trees.object();
        patch.set("status", status);
        api.mergeStatus(ResourceType.REPLICA_SETS, set, patch, now);
    }

    private static ObjectNode failed(ObjectNode set, String failure, Instant now) {
        JsonNode before = Api.condition(set, "ReplicaFailure");
        String since = before == null ? null : Trees.text(before, "lastTransitionTime");
        return Trees.object()
                .put("type", "ReplicaFailure")
                .put("status", "True")
                .put("lastTransitionTime", since == null ? Metadata.time(now) : since)
                .put("reason", "FailedCreate")
                .put("message", failure);
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
