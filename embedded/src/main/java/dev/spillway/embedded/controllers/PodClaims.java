package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pods are whose, for one step: a ReplicaSet takes on pods that it selects and that have no controller, and lets go of pods
 * that it no longer selects.
 *
 * <p>Rules: kubernetes {@code pkg/controller/controller_ref_manager.go}. Only pods that run, or are about to, change hands, and only
 * while the ReplicaSet is not being deleted.
 */
final class PodClaims {

    private final Api api;
    private final Map<String, List<ObjectNode>> byOwner = new HashMap<>();
    private final Map<String, List<ObjectNode>> orphansByNamespace = new HashMap<>();

    PodClaims(Api api) {
        this.api = api;
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            JsonNode owner = Api.controllerOf(pod);
            if (owner != null) {
                listOf(byOwner, owner.path("uid").asText()).add(pod);
            } else if (Pods.isActive(pod) && Trees.at(pod, "metadata", "labels") != null) {
                listOf(orphansByNamespace, namespace(pod)).add(pod);
            }
        }
    }

    /** The pods that a ReplicaSet has, whether it still selects them or not. */
    List<ObjectNode> of(ObjectNode set) {
        return byOwner.getOrDefault(Api.uid(set), List.of());
    }

    /** The pods that a ReplicaSet has and selects, after taking on and letting go. */
    List<ObjectNode> settle(ObjectNode set, Instant now) {
        LabelSelector selector = LabelSelector.of(set.path("spec").get("selector"));
        if (selector == null) {
            return List.of();
        }
        boolean changesHands = !Api.isDeleting(set);
        List<ObjectNode> claimed = new ArrayList<>();
        for (ObjectNode pod : of(set)) {
            if (selector.matches(pod)) {
                claimed.add(pod);
            } else if (changesHands && Pods.isActive(pod)) {
                release(set, pod, now);
            }
        }
        if (changesHands) {
            claimed.addAll(adopt(set, selector, now));
        }
        byOwner.put(Api.uid(set), claimed);
        return claimed;
    }

    private List<ObjectNode> adopt(ObjectNode set, LabelSelector selector, Instant now) {
        List<ObjectNode> adopted = new ArrayList<>();
        List<ObjectNode> orphans = orphansByNamespace.getOrDefault(namespace(set), List.of());
        for (ObjectNode orphan : List.copyOf(orphans)) {
            ObjectNode pod = selector.matches(orphan) ? adopt(set, orphan, now) : null;
            if (pod != null) {
                orphans.remove(orphan);
                adopted.add(pod);
            }
        }
        return adopted;
    }

    private @Nullable ObjectNode adopt(ObjectNode set, ObjectNode orphan, Instant now) {
        ObjectNode patch = Trees.object();
        patch.putObject("metadata")
                .put("uid", Api.uid(orphan))
                .set("ownerReferences", Api.ownedBy(ResourceType.REPLICA_SETS, set));
        Response response = patch(orphan, patch, now);
        return response.isSuccess() ? response.body() : null;
    }

    private void release(ObjectNode set, ObjectNode pod, Instant now) {
        ObjectNode patch = Trees.object();
        patch.putObject("metadata")
                .put("uid", Api.uid(pod))
                .putArray("ownerReferences")
                .addObject()
                .put("$patch", "delete")
                .put("uid", Api.uid(set));
        patch(pod, patch, now);
    }

    /** The UID in a patch keeps it from another pod that has got the name since. */
    private Response patch(ObjectNode pod, ObjectNode patch, Instant now) {
        return api.request(
                Request.patch(Api.target(ResourceType.PODS, pod), Content.STRATEGIC_MERGE_PATCH, patch), now);
    }

    private static String namespace(ObjectNode object) {
        return object.path("metadata").path("namespace").asText();
    }

    private static List<ObjectNode> listOf(Map<String, List<ObjectNode>> lists, String key) {
        return lists.computeIfAbsent(key, any -> new ArrayList<>());
    }
}
