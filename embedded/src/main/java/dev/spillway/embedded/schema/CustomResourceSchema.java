package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Causes.Cause;
import dev.spillway.embedded.api.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schema of one version of a CustomResourceDefinition: pruning, defaults, structural validation and rules in CEL.
 *
 * <p>An update is not blamed for what it leaves as it was, as on the API server since Kubernetes 1.33. Immutable; may be shared.
 */
public final class CustomResourceSchema {

    private final Structural root;
    private final @Nullable RuleTree rules;

    private CustomResourceSchema(Structural root) {
        this.root = root;
        this.rules = RuleTree.of(root, true);
    }

    /**
     * Reads a CustomResourceDefinition of {@code apiextensions.k8s.io/v1}.
     *
     * @return the schema of each version that is served, by its type
     * @throws IllegalArgumentException where the definition is none, or has something that is not followed here
     */
    public static Map<ResourceType, CustomResourceSchema> read(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        if (!definition.path("kind").asText().equals("CustomResourceDefinition") || !names.has("plural")) {
            throw new IllegalArgumentException("The object (%s) is no CustomResourceDefinition with names. Pass one."
                    .formatted(definition.path("metadata").path("name").asText()));
        }
        Map<ResourceType, CustomResourceSchema> schemas = new LinkedHashMap<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                ResourceType type = new ResourceType(
                        spec.path("group").asText(),
                        version.path("name").asText(),
                        names.path("plural").asText(),
                        names.path("kind").asText(),
                        spec.path("scope").asText().equals("Cluster")
                                ? ResourceType.Scope.CLUSTER
                                : ResourceType.Scope.NAMESPACED);
                JsonNode schema = version.path("schema").path("openAPIV3Schema");
                schemas.put(type, new CustomResourceSchema(SchemaReader.read(schema)));
            }
        }
        return schemas;
    }

    /**
     * What is left of an object when the fields go that the schema does not have.
     *
     * @param object the object
     * @param unknown the paths of those fields, such as {@code spec.units[0].colour}: those of the metadata, all others, and
     *     those of the metadata of embedded resources, each sorted
     */
    public record Pruned(ObjectNode object, List<String> unknown) {}

    /** The openAPIV3Schema that was read; never to be changed. */
    public JsonNode source() {
        return root.source();
    }

    /** Leaves out unknown fields. The argument is not changed. */
    public Pruned prune(ObjectNode object) {
        Pruning pruning = new Pruning();
        ObjectNode pruned = pruning.prune(object, root);
        return new Pruned(pruned, pruning.unknown());
    }

    /** Fills in defaults; the argument is not changed. */
    public ObjectNode withDefaults(ObjectNode object) {
        return Defaults.fill(object, root);
    }

    /**
     * Adds what is wrong with an object.
     *
     * @param old what it takes the place of; null on creation
     * @param causes what is wrong with its metadata is there already: some of it keeps rules from being asked
     */
    public void validate(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        Correlation correlation = old == null ? null : new Correlation(object, old, root);
        new StructuralValidation("").judge(root, object, correlation).forEach(causes::add);
        checkLists(object, old, causes);
        askRules(object, old, causes);
    }

    /** Compiles the rules, which takes most of a second in a fresh process; the first object would wait for it otherwise. */
    public void compileRules() {
        if (rules != null) {
            rules.compile();
        }
    }

    /** Adds what is wrong with an object whose status was written: the rest of it is as it was. */
    public void validateStatus(ObjectNode object, ObjectNode old, Causes causes) {
        Structural schema = root.properties().get("status");
        JsonNode status = object.get("status");
        if (schema != null && status != null) {
            JsonNode before = old.get("status");
            Correlation correlation = before == null ? null : new Correlation(status, before, schema);
            new StructuralValidation("status")
                    .judge(schema, status, correlation)
                    .forEach(causes::add);
        }
        checkLists(object, old, causes);
        askRules(object, old, causes);
    }

    private void checkLists(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        if (old == null || ListTypes.check(old, root).isEmpty()) {
            ListTypes.check(object, root).forEach(causes::add);
        }
    }

    private void askRules(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        if (rules == null) {
            return;
        }
        if (causes.hasAny(FieldErrors.BLOCKING)) {
            causes.add(FieldErrors.rulesNotChecked());
            return;
        }
        List<Cause> wrong = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        rules.ask(object, old, wrong, warnings);
        wrong.forEach(causes::add);
        warnings.forEach(causes::warn);
    }
}
