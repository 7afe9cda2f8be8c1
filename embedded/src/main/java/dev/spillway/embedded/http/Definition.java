package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * A definition of custom resources with one version, and what follows from it. Immutable.
 *
 * @param object the CustomResourceDefinition as its author wrote it; frozen
 */
record Definition(ObjectNode object) {

    private static final List<String> FILES =
            List.of("regions.spillway.dev.yaml", "resourcepolicies.scheduling.alibabacloud.com.yaml");

    Definition {
        object = Trees.freeze(object);
    }

    /** The definitions that Spillway works with. */
    static List<Definition> standard() {
        return FILES.stream()
                .map(file -> new Definition(Resources.yaml("definitions/" + file)))
                .toList();
    }

    ResourceType type() {
        return new ResourceType(
                group(),
                version().path("name").asText(),
                plural(),
                kind(),
                isNamespaced() ? ResourceType.Scope.NAMESPACED : ResourceType.Scope.CLUSTER);
    }

    String group() {
        return object.path("spec").path("group").asText();
    }

    String plural() {
        return names().path("plural").asText();
    }

    String kind() {
        return names().path("kind").asText();
    }

    String singular() {
        String given = names().path("singular").asText();
        return given.isEmpty() ? kind().toLowerCase(Locale.ROOT) : given;
    }

    boolean isNamespaced() {
        return object.path("spec").path("scope").asText().equals("Namespaced");
    }

    JsonNode names() {
        return object.path("spec").path("names");
    }

    JsonNode version() {
        return object.path("spec").path("versions").path(0);
    }

    JsonNode schema() {
        return version().path("schema").path("openAPIV3Schema");
    }

    Iterable<JsonNode> printerColumns() {
        return Trees.elements(version(), "additionalPrinterColumns");
    }

    /** The object to create in the store, with the defaults of the API. */
    ObjectNode toCreate() {
        ObjectNode copy = Trees.thaw(object);
        ObjectNode spec = Trees.writable(copy, "spec");
        ObjectNode names = Trees.writable(spec, "names");
        names.put("singular", singular());
        names.put("listKind", type().listKind());
        spec.putObject("conversion").put("strategy", "None");
        return copy;
    }

    /** The status that says that it is served. */
    ObjectNode status(Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = Trees.object();
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "NamesAccepted", time, "NoConflicts", "no conflicts found");
        condition(conditions, "Established", time, "InitialNamesAccepted", "the initial names have been accepted");
        status.set("acceptedNames", toCreate().path("spec").path("names"));
        status.putArray("storedVersions").add(version().path("name").asText());
        return status;
    }

    private static void condition(ArrayNode conditions, String type, String time, String reason, String message) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", time)
                .put("reason", reason)
                .put("message", message);
    }
}
