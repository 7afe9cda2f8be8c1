package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests about custom resources, one after another, whose last answer counts.
 *
 * @param file the file it is from, without ending
 * @param name what it is about; its own in the file
 * @param calls the requests
 * @param source the case as it is written
 */
record Exchange(String file, String name, List<Call> calls, JsonNode source) {

    /** One request; the content type is null for JSON. */
    record Call(String method, String path, @Nullable String contentType, String body) {}

    static final Path RECORDED = Path.of("src", "test", "resources", "schema", "answers.json");

    private static final Path CASES = Path.of("..", "crds", "src", "test", "resources", "cases");
    private static final Path OWN = Path.of("src", "test", "resources", "schema");
    private static final Path DEFINITIONS = Path.of("..", "deploy", "chart", "base", "crds");
    private static final String MERGE = "application/merge-patch+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    /** The definitions of this project, and that of the gadgets. */
    static List<JsonNode> definitions() throws IOException {
        List<JsonNode> definitions = new ArrayList<>();
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            for (Path file : files.sorted().toList()) {
                definitions.add(read(file));
            }
        }
        definitions.add(read(OWN.resolve("gadget-crd.yaml")));
        return definitions;
    }

    /** Every exchange of all files. */
    static List<Exchange> all() throws IOException {
        List<Exchange> all = new ArrayList<>();
        all.addAll(cases(
                "resourcepolicies",
                "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/default/resourcepolicies",
                "scheduling.alibabacloud.com/v1alpha1",
                "ResourcePolicy"));
        all.addAll(cases("regions", "/apis/spillway.dev/v1alpha1/regions", "spillway.dev/v1alpha1", "Region"));
        all.addAll(gadgets());
        return all;
    }

    private static List<Exchange> cases(String file, String path, String version, String kind) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (JsonNode one : read(CASES.resolve(file + ".yaml"))) {
            String name = one.path("object").asText("case-" + (exchanges.size() + 1));
            ObjectNode object =
                    JSON.createObjectNode().put("apiVersion", version).put("kind", kind);
            object.putObject("metadata").put("name", name);
            object.set("spec", one.path("spec"));
            List<Call> calls = new ArrayList<>();
            calls.add(new Call("POST", path, null, object.toString()));
            if (one.has("patch")) {
                calls.add(new Call(
                        "PATCH", path + "/" + name, MERGE, one.path("patch").toString()));
            }
            exchanges.add(new Exchange(file, one.path("name").asText(), calls, one));
        }
        return exchanges;
    }

    /** The form of these is described at the top of their file. */
    private static List<Exchange> gadgets() throws IOException {
        String path = "/apis/example.com/v1/namespaces/default/gadgets";
        List<Exchange> exchanges = new ArrayList<>();
        for (JsonNode one : read(OWN.resolve("gadgets.yaml"))) {
            String name = "gadget-" + (exchanges.size() + 1);
            List<Call> calls = new ArrayList<>();
            if (one.has("create")) {
                ObjectNode object = one.path("create").deepCopy();
                object.put("apiVersion", "example.com/v1").put("kind", "Gadget");
                object.withObject("/metadata").put("name", name);
                calls.add(new Call("POST", path + one.path("query").asText(""), null, object.toString()));
            }
            for (JsonNode patch : one.path("patches")) {
                String where = path + "/" + name + patch.path("at").asText("");
                String type = patch.path("patch").isArray() ? "application/json-patch+json" : MERGE;
                calls.add(new Call("PATCH", where, type, patch.path("patch").toString()));
            }
            exchanges.add(new Exchange("gadgets", one.path("name").asText(), calls, one));
        }
        return exchanges;
    }

    /**
     * What counts of an answer: of a refusal its code, reason, message and causes, these in one order (the API server's is
     * that of a Go map); of an object its spec, status and generation.
     */
    static ObjectNode normal(int code, JsonNode body, List<String> warnings) {
        ObjectNode answer = JSON.createObjectNode().put("code", code);
        if (!warnings.isEmpty()) {
            ArrayNode list = answer.putArray("warnings");
            warnings.stream().sorted().forEach(list::add);
        }
        if (code < 300) {
            for (String part : List.of("spec", "status")) {
                if (body.has(part)) {
                    answer.set(part, plain(body.get(part)));
                }
            }
            return answer.put(
                    "generation", body.path("metadata").path("generation").asInt());
        }
        List<JsonNode> causes = new ArrayList<>();
        body.path("details").path("causes").forEach(causes::add);
        causes.sort(Comparator.comparing(JsonNode::toString));
        answer.put("reason", body.path("reason").asText());
        answer.put(
                "message",
                inOrder(body.path("message").asText(), body.path("details").path("causes")));
        if (!causes.isEmpty()) {
            answer.putArray("causes").addAll(causes);
        }
        return answer;
    }

    private static String inOrder(String message, JsonNode causes) {
        List<String> texts = causes.valueStream()
                .map(cause -> cause.path("field").asText() + ": "
                        + cause.path("message").asText())
                .distinct()
                .toList();
        String shown = "[" + String.join(", ", texts) + "]";
        return texts.size() > 1 && message.endsWith(shown)
                ? message.substring(0, message.length() - shown.length()) + String.join(" | ", new TreeSet<>(texts))
                : message;
    }

    /** As the JSON parser gives it: numbers of YAML's parser are of other classes. */
    static JsonNode plain(JsonNode node) {
        try {
            return JSON.readTree(node.toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return plain(YAML.readTree(Files.readString(file)));
    }
}
