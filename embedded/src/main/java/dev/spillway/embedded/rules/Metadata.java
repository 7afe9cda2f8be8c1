package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object's {@code metadata}: system fields, and what is valid.
 *
 * <p>Rules: apimachinery {@code pkg/api/validation/objectmeta.go}, apiserver {@code pkg/registry/rest/meta.go} and {@code
 * update.go}. Who owns fields is decided in {@code dev.spillway.embedded.apply}.
 */
public final class Metadata {

    /** The order of the fields in every answer. Others do not exist and are dropped. */
    private static final List<String> FIELDS = List.of(
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    /** Set by the server on creation, whatever the client sent. */
    private static final List<String> SYSTEM =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    private static final List<String> IMMUTABLE =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private static final List<String> STANDARD_FINALIZERS = List.of("kubernetes", "orphan", "foregroundDeletion");

    private static final int ANNOTATIONS_BYTES_AT_MOST = 256 * 1024;

    private Metadata() {}

    /** A moment as the API writes it: whole seconds, the rest cut off. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Fills in what only the server knows; the name must be there already. */
    public static void initialise(ObjectNode object, String uid, Instant now) {
        ObjectNode metadata = Trees.writable(object, "metadata");
        metadata.remove(SYSTEM);
        metadata.put("uid", uid);
        metadata.put("creationTimestamp", time(now));
    }

    /**
     * Gives the object the namespace of the request, where it names none.
     *
     * @throws Failure 400 where it names another
     */
    public static void placeIn(ObjectNode object, @Nullable String namespace) {
        String named = Trees.text(object, "metadata", "namespace");
        ObjectNode metadata = Trees.writable(object, "metadata");
        if (namespace == null) {
            metadata.remove("namespace");
        } else if (named == null) {
            metadata.put("namespace", namespace);
        } else if (!named.equals(namespace)) {
            throw Failure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /** What an update can never change is taken from the old object: creation, and a deletion that has begun. */
    public static void keepSystemFields(ObjectNode next, ObjectNode old) {
        ObjectNode metadata = Trees.writable(next, "metadata");
        JsonNode before = old.path("metadata");
        if (!metadata.hasNonNull("uid")) {
            Trees.put(metadata, "uid", before.get("uid"));
        }
        metadata.set("creationTimestamp", before.get("creationTimestamp"));
        if (before.has("deletionTimestamp")) {
            metadata.set("deletionTimestamp", before.get("deletionTimestamp"));
        }
        if (before.has("deletionGracePeriodSeconds") && !metadata.hasNonNull("deletionGracePeriodSeconds")) {
            metadata.set("deletionGracePeriodSeconds", before.get("deletionGracePeriodSeconds"));
        }
    }

    /** The object with its parts and its metadata in the API's order, and nothing in its metadata that does not exist. */
    public static ObjectNode inOrder(ObjectNode object, ResourceType type) {
        ObjectNode result = Trees.object();
        result.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = result.putObject("metadata");
        JsonNode given = object.path("metadata");
        for (String field : FIELDS) {
            JsonNode value = given.get(field);
            if (value != null && !(value.isContainerNode() && value.isEmpty()) && !emptyText(value)) {
                metadata.set(field, value);
            }
        }
        for (Map.Entry<String, JsonNode> part : object.properties()) {
            if (!result.has(part.getKey())) {
                result.set(part.getKey(), part.getValue());
            }
        }
        return result;
    }

    /** What is wrong with an object's metadata, on creation and on update. */
    static void validate(ObjectNode object, ResourceType type, Function<String, List<String>> nameRule, Causes causes) {
        JsonNode metadata = object.path("metadata");
        String name = Trees.text(metadata, "name");
        String prefix = Trees.text(metadata, "generateName");
        if (prefix != null) {
            // The generated part stands for a letter here: a prefix may end where a name may not.
            nameRule.apply(prefix + "a").forEach(why -> causes.invalid("metadata.generateName", prefix, why));
        }
        if (name == null) {
            causes.required("metadata.name", "name or generateName is required");
        } else {
            nameRule.apply(name).forEach(why -> causes.invalid("metadata.name", name, why));
        }
        validateLabels(metadata.path("labels"), "metadata.labels", causes);
        validateAnnotations(metadata, causes);
        validateOwners(metadata, causes);
        boolean builtIn = type.group().isEmpty()
                || !type.group().contains(".")
                || type.group().endsWith(".k8s.io");
        validateFinalizers(metadata, builtIn, causes);
    }

    /** What an update may not do to metadata. */
    static void validateUpdate(ObjectNode next, ObjectNode old, Causes causes) {
        JsonNode now = next.path("metadata");
        JsonNode before = old.path("metadata");
        if (Trees.text(before, "deletionTimestamp") != null) {
            List<String> added = new ArrayList<>(finalizers(next));
            added.removeAll(finalizers(old));
            if (!added.isEmpty()) {
                List<String> quoted =
                        added.stream().sorted().map(one -> "\"" + one + "\"").toList();
                causes.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                                + String.join(", ", quoted) + "}");
            }
        }
        if (Trees.text(now, "resourceVersion") == null) {
            causes.invalid("metadata.resourceVersion", 0, "must be specified for an update");
        }
        for (String field : IMMUTABLE) {
            if (!Trees.same(now.get(field), before.get(field))) {
                JsonNode value = now.get(field);
                causes.invalid("metadata." + field, value == null ? "" : value, "field is immutable");
            }
        }
    }

    /** The labels of an object or of a pod template. */
    static void validateLabels(JsonNode labels, String field, Causes causes) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            Names.qualifiedName(label.getKey()).forEach(why -> causes.invalid(field, label.getKey(), why));
            String value = label.getValue().asText();
            Names.labelValue(value).forEach(why -> causes.invalid(field, value, why));
        }
    }

    /** The finalizers of an object, in their order. */
    public static List<String> finalizers(ObjectNode object) {
        List<String> names = new ArrayList<>();
        Trees.elements(object, "metadata", "finalizers").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Sets the finalizers of an object that may be changed. */
    public static void setFinalizers(ObjectNode object, List<String> finalizers) {
        ArrayNode list = Trees.array();
        finalizers.forEach(list::add);
        Trees.writable(object, "metadata").set("finalizers", list);
    }

    /** The generation of an object, 0 for types that count none. */
    public static long generation(JsonNode object) {
        Long generation = Trees.number(object, "metadata", "generation");
        return generation == null ? 0 : generation;
    }

    private static void validateAnnotations(JsonNode metadata, Causes causes) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> annotation : Trees.fields(metadata, "annotations")) {
            String key = annotation.getKey();
            Names.qualifiedName(key).forEach(why -> causes.invalid("metadata.annotations", key, why));
            bytes += key.length() + annotation.getValue().asText().length();
        }
        if (bytes > ANNOTATIONS_BYTES_AT_MOST) {
            causes.invalid("metadata.annotations", bytes, "may not be more than 262144 bytes");
        }
    }

    private static void validateOwners(JsonNode metadata, Causes causes) {
        int index = 0;
        int controllers = 0;
        for (JsonNode owner : Trees.elements(metadata, "ownerReferences")) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (Trees.text(owner, field) == null) {
                    causes.required("metadata.ownerReferences[%d].%s".formatted(index, field), "must not be empty");
                }
            }
            controllers += owner.path("controller").asBoolean() ? 1 : 0;
            index++;
        }
        if (controllers > 1) {
            causes.invalid(
                    "metadata.ownerReferences",
                    metadata.path("ownerReferences"),
                    "Only one reference can have Controller set to true.");
        }
    }

    private static void validateFinalizers(JsonNode metadata, boolean builtIn, Causes causes) {
        for (JsonNode finalizer : Trees.elements(metadata, "finalizers")) {
            String name = finalizer.asText();
            Names.qualifiedName(name).forEach(why -> causes.invalid("metadata.finalizers", name, why));
        }
        int index = 0;
        for (JsonNode finalizer : Trees.elements(metadata, "finalizers")) {
            String name = finalizer.asText();
            if (builtIn && !name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
                causes.invalid(
                        "metadata.finalizers[" + index + "]",
                        name,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
            index++;
        }
    }

    private static boolean emptyText(JsonNode value) {
        return value.isTextual() && value.textValue().isEmpty();
    }
}
