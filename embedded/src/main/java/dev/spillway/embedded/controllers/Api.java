package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few requests that controllers make, and what they read out of objects. */
final class Api {

    private final ObjectStore store;

    Api(ObjectStore store) {
        this.store = store;
    }

    List<ObjectNode> list(ResourceType type) {
        return store.objects(type);
    }

    @Nullable
    ObjectNode find(ResourceType type, @Nullable String namespace, String name, Instant now) {
        Response response = store.handle(Request.get(Target.object(type, namespace, name)), now);
        return response.isSuccess() ? response.body() : null;
    }

    Response create(ResourceType type, @Nullable String namespace, ObjectNode object, Instant now) {
        return store.handle(Request.create(type, namespace, object), now);
    }

    Response merge(ResourceType type, ObjectNode object, ObjectNode patch, Instant now) {
        return store.handle(Request.patch(target(type, object), Content.MERGE_PATCH, patch), now);
    }

    Response mergeStatus(ResourceType type, ObjectNode object, ObjectNode patch, Instant now) {
        return store.handle(Request.patch(target(type, object).sub("status"), Content.MERGE_PATCH, patch), now);
    }

    /** Deletes this very object, and none that has taken its name since. */
    Response delete(ResourceType type, ObjectNode object, ObjectNode options, Instant now) {
        options.putObject("preconditions").put("uid", uid(object));
        return store.handle(Request.delete(target(type, object), options), now);
    }

    Response request(Request request, Instant now) {
        return store.handle(request, now);
    }

    static Target target(ResourceType type, ObjectNode object) {
        return Target.object(type, namespace(object), name(object));
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static @Nullable String namespace(JsonNode object) {
        return Trees.text(object, "metadata", "namespace");
    }

    static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }

    static boolean isDeleting(JsonNode object) {
        return Trees.text(object, "metadata", "deletionTimestamp") != null;
    }

    static long count(JsonNode object, String part, String field) {
        Long count = Trees.number(object, part, field);
        return count == null ? 0 : count;
    }

    /** Whether the controller reference of an object names this owner. */
    static boolean isControlledBy(JsonNode object, JsonNode owner) {
        JsonNode reference = controllerOf(object);
        return reference != null && reference.path("uid").asText().equals(uid(owner));
    }

    static @Nullable JsonNode controllerOf(JsonNode object) {
        for (JsonNode reference : Trees.elements(object, "metadata", "ownerReferences")) {
            if (reference.path("controller").asBoolean()) {
                return reference;
            }
        }
        return null;
    }

    /** A list of one reference, as a controller puts it on what it makes. */
    static ArrayNode ownedBy(ResourceType type, JsonNode owner) {
        ArrayNode references = Trees.array();
        references
                .addObject()
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind())
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        return references;
    }

    static @Nullable JsonNode condition(JsonNode object, String type) {
        JsonNode found = Conditions.find(object, type);
        return found.isMissingNode() ? null : found;
    }

    /**
     * The conditions of a Deployment or ReplicaSet with one of them set: where it changes it becomes the last.
     *
     * <p>Rules: kubernetes {@code pkg/controller/deployment/util}, SetDeploymentCondition, and {@code replicaset}, SetCondition.
     */
    static ArrayNode withConditionLast(JsonNode object, ObjectNode condition) {
        JsonNode before = condition(object, condition.path("type").asText());
        ArrayNode conditions = Trees.array();
        for (JsonNode old : Trees.elements(object, "status", "conditions")) {
            if (condition.equals(before) || !condition.path("type").equals(old.path("type"))) {
                conditions.add(old);
            }
        }
        return condition.equals(before) ? conditions : conditions.add(condition);
    }
}
