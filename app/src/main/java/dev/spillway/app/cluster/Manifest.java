package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One of the objects that Spillway is installed by, as it stands under {@code deploy/chart}, and where an API server has it.
 *
 * @param namespace empty for objects without one
 */
record Manifest(String kind, String namespace, String name, JsonNode object) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** The objects of one file on the class path, in its order. */
    static List<Manifest> read(String file) {
        try (var stream = Objects.requireNonNull(Manifest.class.getResourceAsStream(file), file);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
            var manifests = new ArrayList<Manifest>();
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    manifests.add(of(document));
                }
            });
            return manifests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifest of(JsonNode object) {
        var metadata = object.path("metadata");
        return new Manifest(
                object.path("kind").asText(),
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                object);
    }

    /** The same where Spillway lives in another namespace than the manifests say. */
    Manifest movedFrom(String home, String to) {
        return namespace.equals(home) ? new Manifest(kind, to, name, object) : this;
    }

    /** The path of the object. */
    String path() {
        var version = object.path("apiVersion").asText();
        var within = namespace.isEmpty() ? "" : "/namespaces/" + ApiRequest.segment(namespace);
        return "%s/%s%s/%s/%s"
                .formatted(
                        version.contains("/") ? "/apis" : "/api", version, within, plural(), ApiRequest.segment(name));
    }

    private String plural() {
        var singular = kind.toLowerCase(Locale.ROOT);
        return singular.endsWith("y") ? singular.substring(0, singular.length() - 1) + "ies" : singular + "s";
    }

    /** Kind and name, for people. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
