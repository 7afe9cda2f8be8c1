package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a real API server for the Go type of every field of every built-in type: sends a value of the wrong type there, and reads the
 * error. Writes what does not follow from the schemas. Run by hand in the module's folder, {@code GoTypeRecorder
 * http://127.0.0.1:8001}, against {@code kubectl proxy}.
 */
public final class GoTypeRecorder {

    private static final Path FILE =
            Path.of("src", "main", "resources", "dev", "spillway", "embedded", "structure", "go-types.json");

    private static final Pattern ERROR = Pattern.compile("into Go struct field ([A-Za-z0-9]+)\\.(\\S+) of type (.+)$");

    private static final Map<String, String> ROOTS = Map.of(
            "io.k8s.api.core.v1.Pod", "/api/v1/namespaces/default/pods",
            "io.k8s.api.core.v1.Node", "/api/v1/nodes",
            "io.k8s.api.core.v1.Namespace", "/api/v1/namespaces",
            "io.k8s.api.core.v1.ConfigMap", "/api/v1/namespaces/default/configmaps",
            "io.k8s.api.core.v1.Event", "/api/v1/namespaces/default/events",
            "io.k8s.api.apps.v1.Deployment", "/apis/apps/v1/namespaces/default/deployments",
            "io.k8s.api.apps.v1.ReplicaSet", "/apis/apps/v1/namespaces/default/replicasets",
            "io.k8s.api.batch.v1.Job", "/apis/batch/v1/namespaces/default/jobs",
            "io.k8s.api.coordination.v1.Lease", "/apis/coordination.k8s.io/v1/namespaces/default/leases");

    /** A schema, and how to get there from a root. */
    private record Open(String schema, String path, List<String> steps) {}

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, JsonNode> schemas = new TreeMap<>();
    private final Map<String, Map<String, String>> found = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final String server;

    private GoTypeRecorder(String server) {
        this.server = server;
    }

    /** Asks the server named first. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new GoTypeRecorder(arguments[0]).record();
    }

    private void record() throws IOException, InterruptedException {
        for (String place : Documents.PLACES) {
            Documents.schemas(place).properties().forEach(one -> schemas.put(one.getKey(), one.getValue()));
        }
        new TreeMap<>(ROOTS).forEach((schema, path) -> open(schema, path, List.of()));
        while (!open.isEmpty()) {
            Open next = open.removeFirst();
            for (Map.Entry<String, JsonNode> property :
                    schema(next.schema()).path("properties").properties()) {
                ask(next, property.getKey(), property.getValue());
            }
        }
        Files.writeString(FILE, text());
    }

    private JsonNode schema(String name) {
        return Objects.requireNonNull(schemas.get(name), name);
    }

    private void open(String schema, String path, List<String> steps) {
        if (schema(schema).has("properties") && OwnFormat.of(schema) == null && seen.add(schema)) {
            open.add(new Open(schema, path, steps));
        }
    }

    private void ask(Open from, String field, JsonNode schema) throws IOException, InterruptedException {
        List<String> steps = new ArrayList<>(from.steps());
        steps.add(field);
        JsonNode inner = schema;
        while (inner.path("type").asText().matches("array|object") && !inner.has("properties")) {
            boolean array = inner.path("type").asText().equals("array");
            inner = inner.path(array ? "items" : "additionalProperties");
            steps.add(array ? "[]" : "{}");
        }
        String reference = (inner.has("$ref") ? inner : inner.path("allOf").path(0))
                .path("$ref")
                .asText();
        if (!reference.isEmpty()) {
            open(reference.substring(reference.lastIndexOf('/') + 1), from.path(), steps);
        }
        if (from.steps().isEmpty() && field.matches("kind|apiVersion")) {
            return;
        }
        boolean text = schema.path("type").asText().equals("string");
        JsonNode body = text ? json.createObjectNode() : TextNode.valueOf("wrong");
        steps = new ArrayList<>(from.steps());
        steps.add(field);
        for (String step : steps.reversed()) {
            body = switch (step) {
                case "[]" -> json.createArrayNode().add(body);
                case "{}" -> json.createObjectNode().set("k", body);
                default -> json.createObjectNode().set(step, body);
            };
        }
        Matcher error = ERROR.matcher(message(from.path(), body));
        if (error.find()) {
            keep(from.schema(), field, schema, error);
        }
    }

    private void keep(String schema, String field, JsonNode property, Matcher error) {
        String[] way = error.group(2).split("\\.", -1);
        // With the last two names: the field, and the struct it is embedded from where it begins with a capital.
        String before = way.length > 1 ? way[way.length - 2] : "";
        boolean embedded = !before.isEmpty() && Character.isUpperCase(before.charAt(0));
        ObjectNode kept = json.createObjectNode();
        if (embedded) {
            kept.put("in", before);
        }
        if (!error.group(3).equals(Shapes.goType(property))) {
            kept.put("type", error.group(3));
        }
        if (!kept.isEmpty()) {
            found.computeIfAbsent(schema, any -> new TreeMap<>()).put(field, kept.toString());
        }
    }

    private String message(String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path + "?dryRun=All"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        return json.readTree(client.send(request, BodyHandlers.ofString()).body())
                .path("message")
                .asText();
    }

    /** One schema a line. */
    private String text() {
        List<String> lines = new ArrayList<>();
        found.forEach((schema, fields) -> {
            List<String> texts = new ArrayList<>();
            fields.forEach((field, kept) -> texts.add("\"" + field + "\":" + kept));
            lines.add("\"" + schema + "\":{" + String.join(",", texts) + "}");
        });
        return "{\n" + String.join(",\n", lines) + "\n}\n";
    }
}
