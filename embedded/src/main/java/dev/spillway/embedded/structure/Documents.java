package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The OpenAPI documents of built-in types, as recorded from a real server: structure only. */
public final class Documents {

    /** The groups and versions of built-in types, by the paths they are served under. */
    public static final List<String> PLACES = List.of(
            "api/v1",
            "apis/apps/v1",
            "apis/batch/v1",
            "apis/policy/v1",
            "apis/coordination.k8s.io/v1",
            "apis/apiextensions.k8s.io/v1");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By place; both who reads the structure of fields and who reads how they are merged look into them. */
    private static final Map<String, JsonNode> SCHEMAS = new ConcurrentHashMap<>();

    private Documents() {}

    /** The document of a place. */
    public static byte[] openApi(String place) {
        return bytes("openapi-" + place.replace('/', '-') + ".json");
    }

    /** The schemas of a place, by their names; read when they are first asked for, and never to be changed. */
    public static JsonNode schemas(String place) {
        return SCHEMAS.computeIfAbsent(
                place, missing -> read(openApi(missing)).path("components").path("schemas"));
    }

    /** The schemas of types that are parts of others' paths only, as {@code deployments/NAME/scale} is. */
    static JsonNode furtherSchemas() {
        return read(bytes("more.json")).path("components").path("schemas");
    }

    /** Where a Go type, or the way to a field, does not follow from the schema; by schema and field. */
    static JsonNode goTypes() {
        return read(bytes("go-types.json"));
    }

    private static JsonNode read(byte[] document) {
        try {
            return JSON.readTree(document);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static byte[] bytes(String name) {
        try (InputStream stream = Documents.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("The resource (%s) is missing in the build.".formatted(name));
            }
            return stream.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
