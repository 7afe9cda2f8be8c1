package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes discovery, columns of tables and OpenAPI documents from a real API server and keeps what the embedded cluster serves of
 * them: structure only, without descriptions. Run by hand, with the definitions of {@code deploy/chart/base/crds} applied:
 *
 * <p>{@code DocumentRecorder http://127.0.0.1:8001 src/main/resources/dev/spillway/embedded/http}, against {@code kubectl proxy}
 * in front of a fresh kube-apiserver.
 */
public final class DocumentRecorder {

    private static final Map<String, List<String>> SERVED = new LinkedHashMap<>();

    static {
        SERVED.put(
                "api/v1",
                List.of("bindings", "configmaps", "events", "namespaces", "nodes", "pods", "serviceaccounts"));
        SERVED.put("apis/apps/v1", List.of("deployments", "replicasets"));
        SERVED.put("apis/batch/v1", List.of("jobs"));
        SERVED.put("apis/policy/v1", List.of("poddisruptionbudgets"));
        SERVED.put("apis/coordination.k8s.io/v1", List.of("leases"));
        SERVED.put("apis/apiextensions.k8s.io/v1", List.of("customresourcedefinitions"));
    }

    private static final Set<String> SUBRESOURCES = Set.of("binding", "eviction", "finalize", "log", "scale", "status");

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;
    private final Path folder;

    private DocumentRecorder(String server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Records from the server named first into the folder named second. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new DocumentRecorder(arguments[0], Path.of(arguments[1])).record();
    }

    private void record() throws IOException, InterruptedException {
        write("version.json", get("/version", MediaTypes.JSON));
        write("discovery-api.json", groups("/api"));
        write("discovery-apis.json", groups("/apis"));
        ObjectNode resources = json.createObjectNode();
        ObjectNode columns = json.createObjectNode();
        for (Map.Entry<String, List<String>> served : SERVED.entrySet()) {
            String path = served.getKey();
            resources.set(path, resources(path, served.getValue()));
            for (String plural : served.getValue()) {
                if (plural.equals("bindings")) {
                    continue; // only ever created
                }
                columns.set(path + "/" + plural, columns("/" + path + "/" + plural));
            }
            writeSchemas("../structure/openapi-" + path.replace('/', '-') + ".json", openApi(path, served.getValue()));
        }
        write("resources.json", resources);
        write("known.json", known());
        write("columns.json", columns);
        write("custom-resource-fields.json", customResourceFields());
    }

    /** The names of all that a real server has: its groups, and the resources of those that are served here, too. */
    private ObjectNode known() throws IOException, InterruptedException {
        ObjectNode known = json.createObjectNode();
        ArrayNode groups = known.putArray("groups");
        for (JsonNode group : get("/apis", MediaTypes.JSON).path("groups")) {
            String name = group.path("name").asText();
            if (!name.contains(".") || name.endsWith(".k8s.io")) {
                groups.add(name);
            }
        }
        ObjectNode resources = known.putObject("resources");
        for (String path : SERVED.keySet()) {
            ArrayNode names = resources.putArray(path);
            get("/" + path, MediaTypes.JSON).path("resources").forEach(resource -> names.add(resource.get("name")));
        }
        return known;
    }

    /** Aggregated discovery without what is not served. */
    private ObjectNode groups(String path) throws IOException, InterruptedException {
        ObjectNode list = get(path, MediaTypes.AGGREGATED_DISCOVERY);
        ArrayNode groups = json.createArrayNode();
        for (JsonNode group : list.path("items")) {
            String name = group.path("metadata").path("name").asText();
            ArrayNode versions = json.createArrayNode();
            for (JsonNode version : group.path("versions")) {
                String there = (name.isEmpty() ? "api/" : "apis/" + name + "/")
                        + version.path("version").asText();
                List<String> served = SERVED.getOrDefault(there, List.of());
                ArrayNode resources = json.createArrayNode();
                for (JsonNode resource : version.path("resources")) {
                    if (served.contains(resource.path("resource").asText())) {
                        resources.add(withServedParts(resource.deepCopy()));
                    }
                }
                if (!resources.isEmpty()) {
                    versions.add(((ObjectNode) version).set("resources", resources));
                }
            }
            if (!versions.isEmpty()) {
                groups.add(((ObjectNode) group).set("versions", versions));
            }
        }
        return list.set("items", groups);
    }

    private ObjectNode withServedParts(ObjectNode resource) {
        ArrayNode parts = json.createArrayNode();
        for (JsonNode part : resource.path("subresources")) {
            if (SUBRESOURCES.contains(part.path("subresource").asText())) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? resource.without("subresources") : resource.set("subresources", parts);
    }

    private ObjectNode resources(String path, List<String> plurals) throws IOException, InterruptedException {
        ObjectNode list = get("/" + path, MediaTypes.JSON);
        ArrayNode kept = json.createArrayNode();
        for (JsonNode resource : list.path("resources")) {
            String[] name = resource.path("name").asText().split("/", 2);
            if (plurals.contains(name[0]) && (name.length == 1 || SUBRESOURCES.contains(name[1]))) {
                kept.add(resource);
            }
        }
        return list.set("resources", kept);
    }

    private ArrayNode columns(String path) throws IOException, InterruptedException {
        ObjectNode table = get(path, "application/json;as=Table;g=meta.k8s.io;v=v1");
        ArrayNode columns = (ArrayNode) table.path("columnDefinitions");
        columns.forEach(column -> ((ObjectNode) column).put("description", ""));
        return columns;
    }

    /** The schemas of the kinds served, with all they refer to; of the paths only which parameters a patch takes. */
    private ObjectNode openApi(String path, List<String> plurals) throws IOException, InterruptedException {
        ObjectNode document = get("/openapi/v3/" + path, MediaTypes.JSON);
        ObjectNode paths = json.createObjectNode();
        Set<String> wanted = new TreeSet<>();
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            JsonNode patch = entry.getValue().path("patch");
            boolean served = plurals.stream().anyMatch(plural -> entry.getKey().endsWith("/" + plural + "/{name}"));
            if (!served || !patch.isObject()) {
                continue;
            }
            ObjectNode kept = paths.putObject(entry.getKey()).putObject("patch");
            for (String field : List.of("x-kubernetes-action", "x-kubernetes-group-version-kind")) {
                kept.set(field, patch.get(field));
            }
            ArrayNode parameters = kept.putArray("parameters");
            for (JsonNode parameter : patch.path("parameters")) {
                parameters
                        .addObject()
                        .put("name", parameter.path("name").asText())
                        .put("in", parameter.path("in").asText());
            }
            wanted.add(patch.path("responses")
                    .path("200")
                    .path("content")
                    .path(MediaTypes.JSON)
                    .path("schema")
                    .path("$ref")
                    .asText());
        }
        JsonNode schemas = document.path("components").path("schemas");
        ObjectNode kept = json.createObjectNode();
        for (String reference : reachable(schemas, wanted)) {
            kept.set(reference, withoutDescriptions(schemas.get(reference), false));
        }
        ObjectNode reduced = json.createObjectNode();
        reduced.set("openapi", document.get("openapi"));
        reduced.set("info", document.get("info"));
        reduced.set("paths", paths);
        reduced.putObject("components").set("schemas", kept);
        return reduced;
    }

    private static Set<String> reachable(JsonNode schemas, Set<String> references) {
        Set<String> names = new TreeSet<>();
        List<String> open = new ArrayList<>(references);
        while (!open.isEmpty()) {
            String name = open.removeLast().replace("#/components/schemas/", "");
            // A field may be called $ref, too, and is no text then.
            if (!name.isEmpty() && names.add(name)) {
                schemas.path(name).findValuesAsText("$ref", open);
            }
        }
        return names;
    }

    /** A property may be called description, too: that one stays. */
    private JsonNode withoutDescriptions(JsonNode node, boolean properties) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode kept = json.createObjectNode();
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    if (properties || !field.getKey().equals("description")) {
                        boolean inner = !properties && field.getKey().equals("properties");
                        kept.set(field.getKey(), withoutDescriptions(field.getValue(), inner));
                    }
                }
                yield kept;
            }
            case ArrayNode array -> {
                ArrayNode kept = json.createArrayNode();
                array.forEach(element -> kept.add(withoutDescriptions(element, false)));
                yield kept;
            }
            default -> node;
        };
    }

    /** What the server adds to the schema of every custom resource; the texts are shown by explain, so they stay. */
    private ObjectNode customResourceFields() throws IOException, InterruptedException {
        ObjectNode document = get("/openapi/v3/apis/spillway.dev/v1alpha1", MediaTypes.JSON);
        ObjectNode fields = json.createObjectNode();
        JsonNode properties = document.path("components")
                .path("schemas")
                .path("dev.spillway.v1alpha1.Region")
                .path("properties");
        for (String field : List.of("apiVersion", "kind", "metadata")) {
            fields.set(field, properties.get(field));
        }
        return fields;
    }

    private ObjectNode get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                .header("Accept", accept)
                .build();
        return (ObjectNode)
                json.readTree(client.send(request, BodyHandlers.ofString()).body());
    }

    /** One schema a line: thousands of lines for a document that nobody reads would hide what changes. */
    private void writeSchemas(String file, ObjectNode document) throws IOException {
        StringBuilder text = new StringBuilder("{");
        for (String field : List.of("openapi", "info", "paths")) {
            text.append('"')
                    .append(field)
                    .append("\":")
                    .append(document.get(field))
                    .append(",\n");
        }
        text.append("\"components\":{\"schemas\":{\n");
        String separator = "";
        for (Map.Entry<String, JsonNode> schema :
                document.path("components").path("schemas").properties()) {
            text.append(separator)
                    .append('"')
                    .append(schema.getKey())
                    .append("\":")
                    .append(schema.getValue());
            separator = ",\n";
        }
        Files.writeString(folder.resolve(file), text.append("}}}\n"));
    }

    private void write(String file, JsonNode document) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(file), json.writeValueAsString(document) + "\n");
    }
}
