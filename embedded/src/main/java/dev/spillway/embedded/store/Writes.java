package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.apply.Ownership;
import dev.spillway.embedded.rules.Admission;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.rules.NamespaceRules;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.store.Authors.Signature;
import dev.spillway.embedded.tree.JsonPatch;
import dev.spillway.embedded.tree.MergePatch;
import dev.spillway.embedded.tree.StrategicMergePatch;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.embedded.tree.UnusablePatchException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Create, update and patch.
 *
 * <p>Order of steps: apiserver {@code pkg/registry/generic/registry/store.go} and {@code pkg/registry/rest/create.go}, {@code
 * update.go}.
 */
final class Writes {

    /** A generated name that is taken is drawn anew so many times: apiserver maxNameGenerationCreateAttempts. */
    private static final int NAME_ATTEMPTS = 8;

    private final Storage storage;
    private final Map<ResourceType, TypeRules> rules;
    private final Admission admission;
    private final Identities identities;
    private final Authors authors;
    private final @Nullable ServiceAccountAdmission serviceAccounts;

    Writes(
            Storage storage,
            Map<ResourceType, TypeRules> rules,
            Admission admission,
            Identities identities,
            Authors authors) {
        this.storage = storage;
        this.rules = rules;
        this.admission = admission;
        this.identities = identities;
        this.authors = authors;
        this.serviceAccounts = rules.containsKey(ResourceType.SERVICE_ACCOUNTS)
                ? new ServiceAccountAdmission(storage::find, identities)
                : null;
    }

    Response create(Request request, Instant now) {
        Target target = request.target();
        TypeRules typeRules = rulesOf(target.type());
        List<String> warnings = new ArrayList<>();
        ObjectNode object = objectOf(request, typeRules, warnings);
        return FieldValidation.answer(201, warnings, () -> {
            Metadata.placeIn(object, target.namespace());
            return createNew(typeRules, object, authors.of(request, typeRules, now), now);
        });
    }

    Response update(Request request, Instant now) {
        Target target = request.target();
        TypeRules typeRules = rulesOf(target.type());
        List<String> warnings = new ArrayList<>();
        ObjectNode next = objectOf(request, typeRules, warnings);
        checkName(next, target);
        Metadata.placeIn(next, target.namespace());
        ObjectNode old = storage.find(target.type(), target.namespace(), nameOf(target));
        Signature signature = authors.of(request, typeRules, now);
        if (old == null) {
            if (target.subresource() == null && typeRules.allowsCreateOnUpdate()) {
                requireUid(next, Trees.object(), target);
                Trees.writable(next, "metadata").remove("resourceVersion");
                return FieldValidation.answer(201, warnings, () -> createNew(typeRules, next, signature, now));
            }
            throw Failure.notFound(target.type(), nameOf(target));
        }
        requireUid(next, old, target);
        return FieldValidation.answer(200, warnings, () -> replace(typeRules, target, next, old, signature, warnings));
    }

    Response patch(Request request, Instant now) {
        Target target = request.target();
        TypeRules typeRules = rulesOf(target.type());
        Content content = Objects.requireNonNull(request.content(), "A patch has a body.");
        if (content.type().equals(Content.APPLY_PATCH)) {
            return apply(request, content, typeRules, now);
        }
        requirePatchType(content, typeRules);
        Authors.requireOptions(request, content);
        ObjectNode old = storage.require(target.type(), target.namespace(), nameOf(target));
        List<String> warnings = new ArrayList<>();
        ObjectNode patched = patched(old, content, typeRules);
        checkPatchedKind(request, patched, typeRules);
        ObjectNode next = read(request, typeRules, patched, warnings);
        checkName(next, target);
        Metadata.placeIn(next, target.namespace());
        Signature signature = authors.of(request, typeRules, now);
        return FieldValidation.answer(200, warnings, () -> replace(typeRules, target, next, old, signature, warnings));
    }

    /** Server-side apply, which creates the object where there is none. */
    private Response apply(Request request, Content content, TypeRules typeRules, Instant now) {
        Authors.requireOptions(request, content);
        Target target = request.target();
        ObjectNode old = target.subresource() == null
                ? storage.find(target.type(), target.namespace(), nameOf(target))
                : storage.require(target.type(), target.namespace(), nameOf(target));
        ObjectNode applied = authors.apply(request, typeRules, old, now);
        requireNoNulls(applied, typeRules);
        checkKind(applied, typeRules);
        List<String> warnings = new ArrayList<>();
        ObjectNode next = read(request, typeRules, applied, warnings);
        checkName(next, target);
        Metadata.placeIn(next, target.namespace());
        return old == null
                ? FieldValidation.answer(201, warnings, () -> createNew(typeRules, next, Signature.DONE, now))
                : FieldValidation.answer(
                        200, warnings, () -> replace(typeRules, target, next, old, Signature.DONE, warnings));
    }

    /** Elsewhere a null of a custom resource is as good as nothing; what is applied keeps it, and it must be allowed. */
    private static void requireNoNulls(ObjectNode applied, TypeRules typeRules) {
        if (!typeRules.isBuiltIn() && Trees.hasNull(applied)) {
            ObjectNode filled = applied.deepCopy();
            typeRules.applyDefaults(filled);
            Trees.putNulls(applied, filled);
            Causes causes = new Causes();
            typeRules.validate(filled, causes);
            causes.throwIfAny(typeRules.type(), Trees.text(applied, "metadata", "name"));
        }
    }

    private ObjectNode createNew(TypeRules typeRules, ObjectNode object, Signature signature, Instant now) {
        typeRules.applyDefaults(object);
        // Whoever writes owns what it wrote and its defaults, but not what admission adds.
        signature.sign(object, null);
        requireNamespace(typeRules.type(), object);
        typeRules.admitNew(object, storage::find);
        if (serviceAccounts != null && typeRules.type().equals(ResourceType.PODS)) {
            serviceAccounts.admit(object);
        }
        admission.admit(typeRules.type(), object, storage::find);
        Metadata.initialise(object, identities.uid(), now);
        String prefix = Trees.text(object, "metadata", "generateName");
        boolean generates = prefix != null && Trees.text(object, "metadata", "name") == null;
        if (generates) {
            generateName(typeRules.type(), object, Objects.requireNonNull(prefix));
        }
        typeRules.prepareNew(object);
        Causes causes = new Causes();
        typeRules.validate(object, causes);
        String name = Trees.text(object, "metadata", "name");
        causes.throwIfAny(typeRules.type(), name);
        if (Trees.text(object, "metadata", "resourceVersion") != null) {
            throw Failure.internal("resourceVersion should not be set on objects to be created");
        }
        String sureName = Objects.requireNonNull(name, "An object without a name is not valid.");
        if (storage.find(typeRules.type(), Trees.text(object, "metadata", "namespace"), sureName) != null) {
            throw Failure.alreadyExists(typeRules.type(), sureName);
        }
        return storage.put(typeRules.type(), object);
    }

    /** Writes over an object or a part of it, by the rules of its type; adds to the warnings, returns what is stored now. */
    ObjectNode replace(
            TypeRules typeRules,
            Target target,
            ObjectNode next,
            ObjectNode old,
            Signature signature,
            List<String> warnings) {
        String name = nameOf(target);
        requireVersion(typeRules, name, next, old);
        Causes causes = new Causes();
        String part = target.subresource();
        typeRules.applyDefaults(next);
        signature.sign(next, old);
        if (part == null) {
            typeRules.admitUpdate(next, old);
        }
        Ownership.keepTimes(next, old);
        JsonNode owners = next.path("metadata").get("managedFields");
        if (part == null) {
            typeRules.prepareUpdate(next, old);
            Metadata.keepSystemFields(next, old);
            typeRules.validateUpdate(next, old, causes);
        } else if (part.equals(NamespaceRules.FINALIZE)) {
            typeRules.prepareFinalize(next, old);
            Metadata.keepSystemFields(next, old);
        } else {
            typeRules.prepareStatusUpdate(next, old);
            Metadata.keepSystemFields(next, old);
            typeRules.validateStatusUpdate(next, old, causes);
        }
        Trees.put(Trees.writable(next, "metadata"), "managedFields", owners);
        causes.throwIfAny(target.type(), name);
        warnings.addAll(causes.warnings());
        if (Deletes.endsWith(typeRules, next, old)) {
            // The answer is the object as it was written, under the version it had: the write itself is never stored.
            storage.remove(target.type(), old);
            return Metadata.inOrder(next, target.type());
        }
        return storage.put(target.type(), next);
    }

    /** A write names the version it replaces; one that names none, or 0, replaces any where the type allows that. */
    private static void requireVersion(TypeRules typeRules, String name, ObjectNode next, ObjectNode old) {
        String version = Trees.text(next, "metadata", "resourceVersion");
        JsonNode current = old.path("metadata").path("resourceVersion");
        if (version == null || version.equals("0")) {
            if (!typeRules.allowsUnconditionalUpdate()) {
                throw Failure.versionRequired(typeRules.type(), name);
            }
            Trees.writable(next, "metadata").set("resourceVersion", current);
        } else if (!version.equals(current.asText())) {
            throw Failure.conflict(typeRules.type(), name, Failure.MODIFIED);
        }
    }

    private void generateName(ResourceType type, ObjectNode object, String prefix) {
        ObjectNode metadata = Trees.writable(object, "metadata");
        for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
            // A name has 63 characters at most in most places, so the API cuts the prefix.
            String name = prefix.substring(0, Math.min(prefix.length(), 58)) + identities.suffix();
            metadata.put("name", name);
            if (storage.find(type, Trees.text(object, "metadata", "namespace"), name) == null) {
                return;
            }
        }
    }

    private void requireNamespace(ResourceType type, ObjectNode object) {
        String namespace = Trees.text(object, "metadata", "namespace");
        if (namespace == null) {
            return;
        }
        ObjectNode found = storage.require(ResourceType.NAMESPACES, null, namespace);
        if ("Terminating".equals(Trees.text(found, "status", "phase"))) {
            String given = Trees.text(object, "metadata", "name");
            String name = given == null ? Trees.text(object, "metadata", "generateName") : given;
            throw Failure.namespaceTerminating(type, name == null ? "" : name, namespace);
        }
    }

    private static void requireUid(ObjectNode next, ObjectNode old, Target target) {
        String wanted = Trees.text(next, "metadata", "uid");
        String there = old.path("metadata").path("uid").asText();
        if (wanted != null && !wanted.equals(there)) {
            throw Failure.conflict(
                    target.type(),
                    nameOf(target),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s".formatted(wanted, there));
        }
    }

    static ObjectNode patched(ObjectNode old, Content content, TypeRules typeRules) {
        JsonNode patch = content.tree();
        try {
            if (content.type().equals(Content.JSON_PATCH)) {
                return JsonPatch.apply(old, Bodies.operations(patch));
            }
            ObjectNode fields = Bodies.patch(content);
            // Copied first, so that whatever is changed later is this store's own; nulls in it mean something.
            ObjectNode own = fields.deepCopy();
            return content.type().equals(Content.MERGE_PATCH)
                    ? MergePatch.apply(old, own)
                    : StrategicMergePatch.apply(old, own, typeRules.mergeKeys());
        } catch (UnusablePatchException unusable) {
            throw switch (unusable.kind()) {
                case MALFORMED -> Failure.badRequest(unusable.why());
                case DOES_NOT_FIT -> Failure.unprocessable();
                case NO_MERGE_KEY -> Failure.internal(unusable.why());
            };
        }
    }

    static void requirePatchType(Content content, TypeRules typeRules) {
        boolean known = List.of(Content.MERGE_PATCH, Content.JSON_PATCH).contains(content.type())
                || (typeRules.isBuiltIn() && content.type().equals(Content.STRATEGIC_MERGE_PATCH));
        if (!known) {
            throw typeRules.isBuiltIn()
                    ? Failure.unknownPatchType()
                    : Failure.unsupportedMediaType(
                            Content.JSON_PATCH + ", " + Content.MERGE_PATCH + ", application/apply-patch+yaml");
        }
    }

    /** The object that the body is; adds to the warnings. */
    private static ObjectNode objectOf(Request request, TypeRules typeRules, List<String> warnings) {
        ObjectNode object = Bodies.object(request.content(), typeRules.type().kind());
        checkKind(object, typeRules);
        return read(request, typeRules, object, warnings);
    }

    /** Without unknown fields and what the API does not tell from nothing; adds to the warnings. */
    private static ObjectNode read(Request request, TypeRules typeRules, ObjectNode given, List<String> warnings) {
        if (typeRules.isBuiltIn()) {
            ObjectNode object = Trees.thaw(given);
            warnings.addAll(FieldValidation.dropUnknown(request, typeRules, object));
            return Trees.thaw(Trees.freeze(object, typeRules.emptyArrays()));
        }
        // Frozen first, so that whatever is changed later is this store's own copy.
        ObjectNode object = Trees.thaw(Trees.freeze(given, typeRules.emptyArrays()));
        warnings.addAll(FieldValidation.dropUnknown(request, typeRules, object));
        return object;
    }

    /** A strategic merge patch cannot change the kind; what the others make is read anew, by its kind. */
    private static void checkPatchedKind(Request request, ObjectNode next, TypeRules typeRules) {
        ResourceType type = typeRules.type();
        if (!typeRules.isBuiltIn()) {
            if (Trees.text(next, "kind") == null) {
                throw Failure.badRequest("Object 'Kind' is missing in '%s'".formatted(next));
            }
            checkKind(next, typeRules);
            return;
        }
        boolean strategic =
                request.content() != null && request.content().type().equals(Content.STRATEGIC_MERGE_PATCH);
        String apiVersion = Trees.text(next, "apiVersion");
        String kind = Trees.text(next, "kind");
        if (!strategic && apiVersion == null) {
            throw Failure.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be provided"
                            .formatted(nameOf(request.target())));
        }
        String why = kind == null ? null : BuiltInKinds.wrong(type, kind, String.valueOf(apiVersion));
        if (!strategic && why != null) {
            throw FieldValidation.undecodablePatch(request, next, why);
        }
        next.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    }

    private static void checkKind(ObjectNode object, TypeRules typeRules) {
        ResourceType type = typeRules.type();
        String kind = Trees.text(object, "kind");
        String apiVersion = Trees.text(object, "apiVersion");
        if (typeRules.isBuiltIn()) {
            BuiltInKinds.check(type, kind, apiVersion);
            return;
        }
        if (kind == null) {
            String text = object.toString();
            throw Failure.badRequest(
                    "the object provided is unrecognized (must be of type %s): Object 'Kind' is missing in '%s' (%s)"
                            .formatted(type.kind(), text, Content.beginning(text)));
        }
        if (!type.apiVersion().equals(apiVersion)) {
            throw Failure.badRequest("the API version in the data (%s) does not match the expected API version (%s)"
                    .formatted(apiVersion == null ? "" : apiVersion, type.apiVersion()));
        }
        if (!kind.equals(type.kind())) {
            ResourceType other = new ResourceType(type.group(), type.version(), type.plural(), kind, type.scope());
            Causes causes = new Causes();
            causes.invalid("kind", kind, "must be " + type.kind());
            causes.throwIfAny(other, Trees.text(object, "metadata", "name"));
        }
    }

    private static void checkName(ObjectNode object, Target target) {
        String name = Trees.text(object, "metadata", "name");
        if (name == null) {
            Trees.writable(object, "metadata").put("name", nameOf(target));
        } else if (!name.equals(target.name())) {
            throw Failure.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, target.name()));
        }
    }

    private TypeRules rulesOf(ResourceType type) {
        @Nullable TypeRules typeRules = rules.get(type);
        if (typeRules == null) {
            throw Failure.noSuchResource();
        }
        return typeRules;
    }

    private static String nameOf(Target target) {
        return Objects.requireNonNull(target.name(), "A request to write an object names it.");
    }
}
