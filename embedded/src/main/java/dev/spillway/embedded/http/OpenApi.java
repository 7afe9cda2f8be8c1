package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.structure.Documents;
import dev.spillway.embedded.tree.Trees;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI v3 documents, by group and version: those of built-in types as recorded from a real server, structure only; those of
 * custom resources made from their definitions, with the descriptions. Made when they are first asked for. Thread-safe.
 */
final class OpenApi {

    private static final String ROOT = "/openapi/v3";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final Map<String, Supplier<byte[]>> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> made = new LinkedHashMap<>();

    OpenApi(List<Definition> definitions) {
        for (String place : Documents.PLACES) {
            sources.put(place, () -> Documents.openApi(place));
        }
        for (Definition definition : definitions) {
            sources.put("apis/" + definition.type().apiVersion(), () -> SharedBytes.write(document(definition)));
        }
    }

    /**
     * The OpenAPI v2 document, which is empty: what is served is described in version 3. Kubectl looks into it for kinds that it does
     * not find there, and reads protobuf only.
     *
     * <p>Field 1 of {@code openapi.v2.Document} is the version, in {@code gnostic/openapiv2/OpenAPIv2.proto}.
     */
    static byte[] emptyVersion2() {
        return new byte[] {0x0A, 3, '2', '.', '0'};
    }

    /** The document at a path, or null where there is none. */
    synchronized byte @Nullable [] document(String path) {
        if (path.equals(ROOT)) {
            return SharedBytes.write(index());
        }
        String place = path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : "";
        return sources.containsKey(place) ? make(place) : null;
    }

    private ObjectNode index() {
        ObjectNode index = Trees.object();
        ObjectNode paths = index.putObject("paths");
        for (String place : sources.keySet()) {
            String hash = hash(make(place));
            paths.putObject(place).put("serverRelativeURL", ROOT + "/" + place + "?hash=" + hash);
        }
        return index;
    }

    private byte[] make(String place) {
        return made.computeIfAbsent(
                place, missing -> Objects.requireNonNull(sources.get(missing)).get());
    }

    private static String hash(byte[] document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(document);
            return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256.", impossible);
        }
    }

    private static ObjectNode document(Definition definition) {
        ResourceType type = definition.type();
        ObjectNode document = Trees.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes CRD Swagger").put("version", "v0.1.0");
        String collection =
                "/apis/" + type.apiVersion() + (type.isNamespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        document.putObject("paths").set(collection + "/{name}", Trees.object().set("patch", patch(type)));
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        schemas.set(schemaName(type), schema(definition));
        JsonNode core = Documents.schemas("api/v1");
        for (String name : metadataSchemas(core)) {
            schemas.set(name, core.path(name));
        }
        return document;
    }

    private static ObjectNode patch(ResourceType type) {
        ObjectNode patch = Trees.object().put("x-kubernetes-action", "patch");
        patch.set("x-kubernetes-group-version-kind", kind(type));
        ArrayNode parameters = patch.putArray("parameters");
        for (String name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
            parameters.addObject().put("name", name).put("in", "query");
        }
        return patch;
    }

    private static ObjectNode kind(ResourceType type) {
        return Trees.object()
                .put("group", type.group())
                .put("kind", type.kind())
                .put("version", type.version());
    }

    /** The group backwards, as Java names packages: {@code dev.spillway.v1alpha1.Region}. */
    private static String schemaName(ResourceType type) {
        List<String> labels = List.of(type.group().split("\\.", -1)).reversed();
        return String.join(".", labels) + "." + type.version() + "." + type.kind();
    }

    private static ObjectNode schema(Definition definition) {
        ObjectNode schema = Trees.object();
        JsonNode written = definition.schema();
        schema.setAll((ObjectNode) written);
        ObjectNode properties = Trees.object();
        properties.setAll(Resources.json("custom-resource-fields.json"));
        for (Map.Entry<String, JsonNode> property : Trees.fields(written, "properties")) {
            properties.set(property.getKey(), property.getValue());
        }
        schema.set("properties", properties);
        schema.putArray("x-kubernetes-group-version-kind").add(kind(definition.type()));
        return schema;
    }

    private static Set<String> metadataSchemas(JsonNode schemas) {
        Set<String> names = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(META + "ObjectMeta"));
        while (!open.isEmpty()) {
            String name = open.removeLast().replace("#/components/schemas/", "");
            if (names.add(name)) {
                schemas.path(name).findValuesAsText("$ref", open);
            }
        }
        return names;
    }
}
