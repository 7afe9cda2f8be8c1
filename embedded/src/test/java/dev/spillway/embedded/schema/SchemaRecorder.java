package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a real API server everything that {@link SchemaTest} asks, and writes its answers into {@code schema/answers.json}. Run
 * by hand in the module's folder, {@code SchemaRecorder http://127.0.0.1:8001}, against {@code kubectl proxy} in front of a
 * fresh kube-apiserver.
 */
public final class SchemaRecorder {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private final ObjectMapper json = new ObjectMapper();
    // Version 1.1: a proxy takes the offer of version 2 for an upgrade.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;

    private SchemaRecorder(String server) {
        this.server = server;
    }

    /** Records the answers of the server named first. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new SchemaRecorder(arguments[0]).record();
    }

    private void record() throws IOException, InterruptedException {
        for (JsonNode definition : Exchange.definitions()) {
            define(definition);
        }
        ObjectNode answers = json.createObjectNode();
        for (Exchange exchange : Exchange.all()) {
            ObjectNode answer = json.createObjectNode();
            for (Exchange.Call call : exchange.calls()) {
                HttpResponse<String> response = send(call.method(), call.path(), call.contentType(), call.body());
                List<String> warnings = new ArrayList<>();
                for (String header : response.headers().allValues("Warning")) {
                    warnings.add(header.substring("299 - \"".length(), header.length() - 1)
                            .replace("\\\"", "\""));
                }
                answer = Exchange.normal(response.statusCode(), json.readTree(response.body()), warnings);
            }
            answers.withObject("/" + exchange.file()).set(exchange.name(), answer);
        }
        Files.writeString(Exchange.RECORDED, oneCaseALine(answers));
    }

    private void define(JsonNode definition) throws IOException, InterruptedException {
        HttpResponse<String> made = send("POST", DEFINITIONS, null, definition.toString());
        if (made.statusCode() != 201 && made.statusCode() != 409) {
            throw new IOException("The definition is refused: " + made.body());
        }
        JsonNode spec = definition.path("spec");
        String list = "/apis/%s/%s/%s"
                .formatted(
                        spec.path("group").asText(),
                        spec.path("versions").path(0).path("name").asText(),
                        spec.path("names").path("plural").asText());
        while (client.send(HttpRequest.newBuilder(URI.create(server + list)).build(), BodyHandlers.discarding())
                        .statusCode()
                != 200) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private HttpResponse<String> send(String method, String path, @Nullable String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                .header("Content-Type", type == null ? "application/json" : type)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String oneCaseALine(ObjectNode answers) {
        List<String> files = new ArrayList<>();
        for (Map.Entry<String, JsonNode> file : answers.properties()) {
            List<String> cases = file.getValue().properties().stream()
                    .map(one -> "    " + TextNode.valueOf(one.getKey()) + ": " + one.getValue())
                    .toList();
            files.add("  \"" + file.getKey() + "\": {\n" + String.join(",\n", cases) + "\n  }");
        }
        return "{\n" + String.join(",\n", files) + "\n}\n";
    }
}
