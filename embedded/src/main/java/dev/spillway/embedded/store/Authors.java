package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.apply.Author;
import dev.spillway.embedded.apply.FieldType;
import dev.spillway.embedded.apply.FieldTypes;
import dev.spillway.embedded.apply.Ownership;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.schema.CustomResourceSchema;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who owns which field of what is written; with settings that keep no owners, nobody. */
final class Authors {

    /** Says in an object that is about to be written who owns its fields. */
    @FunctionalInterface
    interface Signature {

        /** For an object that says so already. */
        Signature DONE = (next, old) -> {};

        /** Signs what is written; old is null on creation. */
        void sign(ObjectNode next, @Nullable ObjectNode old);
    }

    private static final ResourceType PATCH_OPTIONS =
            new ResourceType("meta.k8s.io", "v1", "", "PatchOptions", ResourceType.Scope.CLUSTER);

    private final @Nullable Ownership ownership;

    Authors(StoreSettings settings, Map<ResourceType, TypeRules> rules) {
        this.ownership = switch (settings.owners()) {
            case DROPPED -> null;
            case KEPT -> new Ownership(reader(settings, rules));
        };
    }

    /** The signature of a create, update or patch. */
    Signature of(Request request, TypeRules typeRules, Instant now) {
        if (ownership == null) {
            return (next, old) -> Trees.writable(next, "metadata").remove("managedFields");
        }
        Author author = author(request, typeRules, now);
        return (next, old) -> ownership.update(next, old, author);
    }

    /** What an object becomes by an apply; old is null where there is none. */
    ObjectNode apply(Request request, TypeRules typeRules, @Nullable ObjectNode old, Instant now) {
        if (ownership == null) {
            throw Failure.notSupported("Server-side apply without owners of fields in the settings of the store");
        }
        ObjectNode config = config(request, typeRules.type(), old);
        return ownership.apply(
                config,
                old,
                author(request, typeRules, now),
                request.query().isSet("force") ? Ownership.Force.FORCED : Ownership.Force.ASKED);
    }

    /**
     * Checks the options of a patch.
     *
     * <p>Rules: apimachinery {@code meta/v1/validation}, ValidatePatchOptions.
     */
    static void requireOptions(Request request, Content content) {
        Causes causes = new Causes();
        boolean isApply = content.type().equals(Content.APPLY_PATCH);
        if (isApply && request.query().text("fieldManager") == null) {
            causes.required("fieldManager", "is required for apply patch");
        }
        if (!isApply && request.query().isGiven("force")) {
            causes.forbidden("force", "may not be specified for non-apply patch");
        }
        causes.throwIfAny(PATCH_OPTIONS, null);
    }

    private static ObjectNode config(Request request, ResourceType type, @Nullable ObjectNode old) {
        Content content = request.content();
        if (content == null || !(content.tree() instanceof ObjectNode given)) {
            throw Failure.badRequest("error decoding YAML: the configuration to apply must be an object");
        }
        String apiVersion = Trees.text(given, "apiVersion");
        String kind = Trees.text(given, "kind");
        if (!type.apiVersion().equals(apiVersion) || !type.kind().equals(kind)) {
            String shown = apiVersion == null ? "/" : apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
            throw Failure.badRequest("invalid object type: %s, Kind=%s".formatted(shown, kind == null ? "" : kind));
        }
        ObjectNode config = given.deepCopy();
        if (old != null) {
            return config;
        }
        String name = request.target().name();
        if (Trees.text(config, "metadata", "name") == null) {
            throw Failure.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be provided"
                            .formatted(name));
        }
        // A version to replace means nothing where there is nothing to replace.
        Trees.writable(config, "metadata").remove("resourceVersion");
        return config;
    }

    private static Author author(Request request, TypeRules typeRules, Instant now) {
        String fieldManager = request.query().text("fieldManager");
        String part = request.target().subresource();
        Author.Nature nature = !typeRules.isBuiltIn()
                ? Author.Nature.CUSTOM
                : typeRules.hasStatus() ? Author.Nature.BUILT_IN : Author.Nature.WITHOUT_STATUS;
        return new Author(
                Author.named(fieldManager == null ? "" : fieldManager, request.agent()),
                typeRules.type(),
                nature,
                part == null ? "" : part,
                now);
    }

    private static Function<ResourceType, FieldType> reader(
            StoreSettings settings, Map<ResourceType, TypeRules> rules) {
        FieldTypes reader = new FieldTypes();
        return type -> {
            CustomResourceSchema schema = settings.schemas().get(type);
            return Objects.requireNonNull(rules.get(type), "Every type that is written is served.")
                            .isBuiltIn()
                    ? reader.builtIn(type)
                    : reader.custom(schema == null ? null : schema.source());
        };
    }
}
