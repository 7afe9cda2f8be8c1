package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what has lost its owner, and settles what is to become of the dependents of an object that is being deleted.
 *
 * <p>Rules: kubernetes {@code pkg/controller/garbagecollector}. An owner of a type that the store does not serve counts as
 * present: nothing is deleted on a guess.
 */
public final class GarbageCollector implements Controller {

    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";

    /** An object with its type. */
    private record Item(ResourceType type, ObjectNode object) {}

    private final ObjectStore store;
    private final Api api;
    private long seen = -1; // the version at which there was nothing to do

    /** A collector of a store. */
    public GarbageCollector(ObjectStore store) {
        this.store = store;
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        if (seen == store.version()) {
            return;
        }
        long before = store.version();
        collect(now);
        seen = store.version() == before ? before : -1;
    }

    private void collect(Instant now) {
        Map<String, Item> byUid = new HashMap<>();
        Map<String, List<Item>> dependents = new HashMap<>();
        List<Item> owned = new ArrayList<>();
        List<Item> deleting = new ArrayList<>();
        for (ResourceType type : store.types()) {
            if (type.equals(ResourceType.EVENTS)) {
                continue; // the original does not look at them, and they are many
            }
            for (ObjectNode object : api.list(type)) {
                Item item = new Item(type, object);
                byUid.put(Api.uid(object), item);
                boolean hasOwner = false;
                for (JsonNode reference : Trees.elements(object, "metadata", "ownerReferences")) {
                    hasOwner = true;
                    dependents
                            .computeIfAbsent(reference.path("uid").asText(), any -> new ArrayList<>())
                            .add(item);
                }
                if (hasOwner) {
                    owned.add(item);
                }
                if (Api.isDeleting(object)) {
                    deleting.add(item);
                }
            }
        }
        for (Item owner : deleting) {
            settleDependents(owner, dependents, now);
        }
        for (Item item : owned) {
            judge(item, byUid, now);
        }
    }

    /** An owner that waits for its dependents, or for them to be let go. */
    private void settleDependents(Item owner, Map<String, List<Item>> dependentsByUid, Instant now) {
        List<String> finalizers = Metadata.finalizers(owner.object());
        String uid = Api.uid(owner.object());
        List<Item> dependents = dependentsByUid.getOrDefault(uid, List.of());
        if (finalizers.contains(ORPHAN)) {
            for (Item dependent : dependents) {
                keepOwners(
                        dependent, reference -> !reference.path("uid").asText().equals(uid), now);
            }
            removeFinalizer(owner, ORPHAN, now);
        } else if (finalizers.contains(FOREGROUND)) {
            boolean blocked = false;
            for (Item dependent : dependents) {
                // Those that do not block are collected when the owner is gone.
                if (blocks(dependent, uid)) {
                    if (!Api.isDeleting(dependent.object())) {
                        boolean ownsSome = dependentsByUid.containsKey(Api.uid(dependent.object()));
                        delete(dependent, ownsSome ? "Foreground" : null, now);
                    }
                    blocked |= stillThere(dependent, now);
                }
            }
            if (!blocked) {
                removeFinalizer(owner, FOREGROUND, now);
            }
        }
    }

    private void judge(Item item, Map<String, Item> byUid, Instant now) {
        if (Api.isDeleting(item.object())) {
            return;
        }
        boolean anyOwner = false;
        boolean anyGone = false;
        for (JsonNode reference : Trees.elements(item.object(), "metadata", "ownerReferences")) {
            boolean present = isPresent(reference, item, byUid);
            anyOwner |= present;
            anyGone |= !present;
        }
        if (!anyOwner) {
            delete(item, null, now);
        } else if (anyGone) {
            keepOwners(item, reference -> isPresent(reference, item, byUid), now);
        }
    }

    /** An owner lives in the dependent's namespace or in none; one elsewhere is as good as gone. */
    private boolean isPresent(JsonNode reference, Item dependent, Map<String, Item> byUid) {
        Item owner = byUid.get(reference.path("uid").asText());
        if (owner == null) {
            return store.types().stream()
                    .noneMatch(type -> type.kind().equals(reference.path("kind").asText())
                            && type.apiVersion()
                                    .equals(reference.path("apiVersion").asText()));
        }
        String namespace = Api.namespace(owner.object());
        return Api.name(owner.object()).equals(reference.path("name").asText())
                && (namespace == null || namespace.equals(Api.namespace(dependent.object())));
    }

    private boolean stillThere(Item item, Instant now) {
        ObjectNode found = api.find(item.type(), Api.namespace(item.object()), Api.name(item.object()), now);
        return found != null && Api.uid(found).equals(Api.uid(item.object()));
    }

    private static boolean blocks(Item dependent, String ownerUid) {
        for (JsonNode reference : Trees.elements(dependent.object(), "metadata", "ownerReferences")) {
            boolean names = reference.path("uid").asText().equals(ownerUid);
            if (names && reference.path("blockOwnerDeletion").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private void keepOwners(Item item, Predicate<JsonNode> kept, Instant now) {
        ArrayNode references = Trees.array();
        for (JsonNode reference : Trees.elements(item.object(), "metadata", "ownerReferences")) {
            if (kept.test(reference)) {
                references.add(reference);
            }
        }
        ObjectNode patch = Trees.object();
        patch.putObject("metadata").set("ownerReferences", references);
        api.merge(item.type(), item.object(), patch, now);
    }

    private void removeFinalizer(Item item, String finalizer, Instant now) {
        List<String> left = new ArrayList<>(Metadata.finalizers(item.object()));
        left.remove(finalizer);
        ObjectNode patch = Trees.object();
        Metadata.setFinalizers(patch, left);
        api.merge(item.type(), item.object(), patch, now);
    }

    /** By default as its finalizers say, else in the background. */
    private void delete(Item item, @Nullable String policy, Instant now) {
        List<String> finalizers = Metadata.finalizers(item.object());
        String byFinalizer =
                finalizers.contains(ORPHAN) ? "Orphan" : finalizers.contains(FOREGROUND) ? "Foreground" : "Background";
        ObjectNode options = Trees.object().put("propagationPolicy", policy == null ? byFinalizer : policy);
        api.delete(item.type(), item.object(), options, now);
    }
}
