package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.structure.Structure;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code deployments/NAME/scale} and that of replica sets: how many pods are wanted, without the rest of the object.
 *
 * <p>Rules: kubernetes {@code pkg/registry/apps/deployment/storage/storage.go}, ScaleREST.
 */
final class Scales {

    /** The subresource. */
    static final String PART = "scale";

    private static final ResourceType SCALE =
            new ResourceType("autoscaling", "v1", "scales", "Scale", ResourceType.Scope.NAMESPACED);

    private final Storage storage;
    private final Writes writes;
    private final Authors authors;

    Scales(Storage storage, Writes writes, Authors authors) {
        this.storage = storage;
        this.writes = writes;
        this.authors = authors;
    }

    Response get(Request request) {
        return new Response(200, scaleOf(objectOf(request.target())));
    }

    Response update(Request request, TypeRules typeRules, Instant now) {
        ObjectNode object = objectOf(request.target());
        Content content = request.content();
        ObjectNode scale = Bodies.object(content, SCALE.kind());
        String kind = Trees.text(scale, "kind");
        String apiVersion = Trees.text(scale, "apiVersion");
        if ((kind != null && !kind.equals(SCALE.kind()))
                || (apiVersion != null && !apiVersion.equals(SCALE.apiVersion()))) {
            throw Failure.badRequest("%s in version \"%s\" cannot be handled as a Scale".formatted(kind, apiVersion));
        }
        ObjectNode next = Trees.thaw(scale);
        List<String> warnings = dropUnknown(request, next);
        return write(request.target(), next, object, typeRules, authors.of(request, typeRules, now), warnings);
    }

    Response patch(Request request, TypeRules typeRules, Instant now) {
        ObjectNode object = objectOf(request.target());
        Content content = Objects.requireNonNull(request.content(), "A patch has a body.");
        Writes.requirePatchType(content, typeRules);
        // Its lists are none, so that a strategic patch needs no keys.
        ObjectNode next = Trees.thaw(Writes.patched(scaleOf(object), content, typeRules));
        List<String> warnings = dropUnknown(request, next);
        return write(request.target(), next, object, typeRules, authors.of(request, typeRules, now), warnings);
    }

    private static List<String> dropUnknown(Request request, ObjectNode scale) {
        return FieldValidation.dropUnknown(
                request, SCALE, scale, form -> Structure.scale().dropUnknown(scale, form));
    }

    private Response write(
            Target target,
            ObjectNode scale,
            ObjectNode object,
            TypeRules typeRules,
            Authors.Signature signature,
            List<String> unknown) {
        String name = Objects.requireNonNull(target.name(), "A scale belongs to an object.");
        String named = Trees.text(scale, "metadata", "name");
        if (named != null && !named.equals(name)) {
            throw Failure.badRequest(
                    "the name of the object (%s) does not match the name on the URL (%s)".formatted(named, name));
        }
        ObjectNode next = Trees.thaw(object);
        Trees.writable(next, "spec").put("replicas", replicas(scale, name));
        String version = Trees.text(scale, "metadata", "resourceVersion");
        ObjectNode metadata = Trees.writable(next, "metadata");
        if (version == null) {
            metadata.remove("resourceVersion");
        } else {
            metadata.put("resourceVersion", version);
        }
        Target whole = Target.object(target.type(), target.namespace(), name);
        List<String> warnings = new ArrayList<>(unknown);
        ObjectNode scaled = scaleOf(writes.replace(typeRules, whole, next, object, signature, warnings));
        return new Response(200, scaled, warnings);
    }

    private static int replicas(ObjectNode scale, String name) {
        @Nullable JsonNode given = Trees.at(scale, "spec", "replicas");
        if (given == null || given.isNull()) {
            return 0;
        }
        Causes causes = new Causes();
        if (given.intValue() < 0) {
            causes.invalid("spec.replicas", given, "must be greater than or equal to 0");
        }
        causes.throwIfAny(SCALE, name);
        return given.intValue();
    }

    private ObjectNode objectOf(Target target) {
        String name = Objects.requireNonNull(target.name(), "A scale belongs to an object.");
        return storage.require(target.type(), target.namespace(), name);
    }

    private static ObjectNode scaleOf(ObjectNode object) {
        ObjectNode scale = Trees.object().put("kind", SCALE.kind()).put("apiVersion", SCALE.apiVersion());
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            Trees.put(metadata, field, object.path("metadata").get(field));
        }
        int wanted = object.path("spec").path("replicas").asInt();
        ObjectNode spec = scale.putObject("spec");
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        scale.putObject("status")
                .put("replicas", object.path("status").path("replicas").asInt())
                .put("selector", LabelSelector.text(object.path("spec").path("selector")));
        return scale;
    }
}
