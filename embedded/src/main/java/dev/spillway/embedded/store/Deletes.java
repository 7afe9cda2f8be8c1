package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.rules.NamespaceRules;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletion: at once, with grace, or held by finalizers.
 *
 * <p>Rules: apiserver {@code pkg/registry/rest/delete.go} and {@code pkg/registry/generic/registry/store.go}; namespaces:
 * kubernetes {@code pkg/registry/core/namespace/storage/storage.go}. A deletion at once of a type with grace is two writes all
 * the same, a MODIFIED with the deletion time and a DELETED.
 */
final class Deletes {

    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String TIMESTAMP = "deletionTimestamp";
    private static final Set<String> POLICIES = Set.of("Foreground", "Background", "Orphan");
    private static final ResourceType DELETE_OPTIONS =
            new ResourceType("meta.k8s.io", "v1", "", "DeleteOptions", ResourceType.Scope.CLUSTER);
    private static final String GRACE = "deletionGracePeriodSeconds";

    /** What a deletion asks for: by its body where it has one, however little that says, else by its query. */
    private record Options(
            @Nullable String uid,
            @Nullable String version,
            @Nullable Long graceSeconds,
            @Nullable String propagation) {

        static Options of(Request request) {
            JsonNode body = request.content() == null
                    ? Trees.object()
                    : request.content().tree();
            boolean byQuery = request.content() == null;
            String propagation =
                    byQuery ? request.query().text("propagationPolicy") : Trees.text(body, "propagationPolicy");
            if (propagation != null && !POLICIES.contains(propagation)) {
                Causes causes = new Causes();
                causes.notSupported(
                        "propagationPolicy", propagation, List.of("Foreground", "Background", "Orphan", "nil"));
                causes.throwIfAny(DELETE_OPTIONS, null);
            }
            return new Options(
                    Trees.text(body, "preconditions", "uid"),
                    Trees.text(body, "preconditions", "resourceVersion"),
                    byQuery ? request.query().number("gracePeriodSeconds") : Trees.number(body, "gracePeriodSeconds"),
                    propagation);
        }
    }

    private final Storage storage;
    private final Map<ResourceType, TypeRules> rules;

    Deletes(Storage storage, Map<ResourceType, TypeRules> rules) {
        this.storage = storage;
        this.rules = rules;
    }

    Response delete(Request request, Instant now) {
        Target target = request.target();
        Options options = Options.of(request);
        String name = Objects.requireNonNull(target.name(), "A request to delete an object names it.");
        ObjectNode object = storage.require(target.type(), target.namespace(), name);
        return delete(target.type(), object, options, now);
    }

    /** Whether a body of options asks for this object, by its preconditions. */
    static void requirePreconditions(ResourceType type, ObjectNode object, ObjectNode options) {
        Request request = Request.delete(Target.collection(type, null), options);
        requirePreconditions(type, object.path("metadata").path("name").asText(), object, Options.of(request));
    }

    /** Deletes each of these. */
    void deleteAll(ResourceType type, List<ObjectNode> objects, Request request, Instant now) {
        for (ObjectNode object : objects) {
            delete(type, object, Options.of(request), now);
        }
    }

    /** Whether a write of {@code next} over {@code old} is the end of the object: deleted already, and held no longer. */
    static boolean endsWith(TypeRules typeRules, ObjectNode next, ObjectNode old) {
        Long grace = Trees.number(old, "metadata", GRACE);
        return Metadata.finalizers(next).isEmpty()
                && Trees.text(old, "metadata", TIMESTAMP) != null
                && (grace == null || grace == 0)
                && !typeRules.isHeldBySpec(next);
    }

    private Response delete(ResourceType type, ObjectNode object, Options options, Instant now) {
        TypeRules typeRules = Objects.requireNonNull(rules.get(type));
        String name = object.path("metadata").path("name").asText();
        requirePreconditions(type, name, object, options);
        if (typeRules instanceof NamespaceRules) {
            if (NamespaceRules.IMMORTAL.contains(name)) {
                throw Failure.forbidden(type, name, "this namespace may not be deleted");
            }
            if (Trees.text(object, "metadata", TIMESTAMP) == null || NamespaceRules.isHeld(object)) {
                return new Response(200, terminateNamespace(object, now));
            }
        }
        ObjectNode next = Trees.thaw(object);
        Long grace = typeRules.graceSeconds(object, options.graceSeconds());
        boolean deleting = Trees.text(object, "metadata", TIMESTAMP) != null;
        if (deleting && grace != null && !shorten(next, options.graceSeconds(), now)) {
            return new Response(200, object);
        }
        setDependentsFinalizer(next, typeRules, options);
        boolean held = !Metadata.finalizers(next).isEmpty();
        if (grace == null && !held) {
            return removed(typeRules, storage.remove(type, object));
        }
        if (grace == null || !deleting) {
            markDeleting(next, grace == null ? 0 : grace, now);
        }
        ObjectNode written = storage.put(type, next);
        Long left = Trees.number(written, "metadata", GRACE);
        if (held || (left != null && left > 0)) {
            return new Response(200, written);
        }
        return removed(typeRules, storage.remove(type, written));
    }

    /**
     * Shortens a grace period that runs already; it can never be made longer.
     *
     * @return false where there is nothing to shorten and something to wait for
     */
    private static boolean shorten(ObjectNode next, @Nullable Long wanted, Instant now) {
        Long running = Trees.number(next, "metadata", GRACE);
        if (running == null || running == 0) {
            return true;
        }
        long period = wanted == null ? running : wanted < 0 ? 1 : wanted;
        if (period >= running) {
            return false;
        }
        ObjectNode metadata = Trees.writable(next, "metadata");
        Instant end = Instant.parse(metadata.path(TIMESTAMP).asText())
                .minusSeconds(running)
                .plusSeconds(period);
        if (end.isBefore(now)) {
            end = now;
            // Grace was asked for and is over: a second is left, in which somebody else ends the object.
            period = period == 0 ? 0 : 1;
        }
        metadata.put(TIMESTAMP, Metadata.time(end));
        metadata.put(GRACE, period);
        return true;
    }

    private static void markDeleting(ObjectNode next, long seconds, Instant now) {
        ObjectNode metadata = Trees.writable(next, "metadata");
        String before = Trees.text(metadata, TIMESTAMP);
        long generation = Metadata.generation(next);
        if (before == null && generation > 0) {
            metadata.put("generation", generation + 1);
        }
        if (before == null || Instant.parse(before).isAfter(now)) {
            metadata.put(TIMESTAMP, Metadata.time(now.plusSeconds(seconds)));
        }
        metadata.put(GRACE, seconds);
    }

    private ObjectNode terminateNamespace(ObjectNode namespace, Instant now) {
        if (Trees.text(namespace, "metadata", TIMESTAMP) != null) {
            return namespace;
        }
        ObjectNode next = Trees.thaw(namespace);
        Trees.writable(next, "metadata").put(TIMESTAMP, Metadata.time(now));
        Trees.writable(next, "status").put("phase", "Terminating");
        return storage.put(ResourceType.NAMESPACES, next);
    }

    /** What is to become of dependents is remembered as a finalizer, which the garbage collector takes away. */
    private static void setDependentsFinalizer(ObjectNode next, TypeRules typeRules, Options options) {
        List<String> finalizers = new ArrayList<>(Metadata.finalizers(next));
        String policy = options.propagation();
        if (policy == null) {
            policy = finalizers.contains(ORPHAN) || (!finalizers.contains(FOREGROUND) && typeRules.orphansByDefault())
                    ? "Orphan"
                    : finalizers.contains(FOREGROUND) ? "Foreground" : "Background";
        }
        finalizers.removeAll(List.of(ORPHAN, FOREGROUND));
        switch (policy) {
            case "Orphan" -> finalizers.add(ORPHAN);
            case "Foreground" -> finalizers.add(FOREGROUND);
            case "Background" -> {}
            default ->
                throw Failure.badRequest(
                        "The propagationPolicy (%s) must be Orphan, Background or Foreground.".formatted(policy));
        }
        if (!finalizers.equals(Metadata.finalizers(next))) {
            Metadata.setFinalizers(next, finalizers);
        }
    }

    private static void requirePreconditions(ResourceType type, String name, ObjectNode object, Options options) {
        String uid = object.path("metadata").path("uid").asText();
        if (options.uid() != null && !options.uid().equals(uid)) {
            throw Failure.preconditionOfDeletion(
                    type,
                    name,
                    ("the UID in the precondition (%s) does not match the UID in record (%s). The object might have"
                                    + " been deleted and then recreated")
                            .formatted(options.uid(), uid));
        }
        String version = object.path("metadata").path("resourceVersion").asText();
        if (options.version() != null && !options.version().equals(version)) {
            throw Failure.preconditionOfDeletion(
                    type,
                    name,
                    ("the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s)."
                                    + " The object might have been modified")
                            .formatted(options.version(), version));
        }
    }

    private static Response removed(TypeRules typeRules, ObjectNode last) {
        if (typeRules.returnsDeletedObject()) {
            return new Response(200, last);
        }
        ResourceType type = typeRules.type();
        ObjectNode status = Trees.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details");
        details.put("name", last.path("metadata").path("name").asText());
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural())
                .put("uid", last.path("metadata").path("uid").asText());
        return new Response(200, status);
    }
}
