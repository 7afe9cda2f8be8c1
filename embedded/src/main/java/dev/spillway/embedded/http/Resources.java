package dev.spillway.embedded.http;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The documents that lie beside the classes of this package. */
final class Resources {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();
    /** Numbers are written out, as Go writes them: 0.0001 and never 1.0E-4. */
    private static final ObjectMapper PLAIN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Resources() {}

    static byte[] bytes(String name) {
        try (InputStream stream = Resources.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("The resource (%s) is missing in the build.".formatted(name));
            }
            return stream.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static ObjectNode json(String name) {
        return object(JSON, name);
    }

    static ObjectNode yaml(String name) {
        return object(YAML, name);
    }

    /** YAML, or JSON, which is YAML too, as JSON. */
    static String readYaml(String text) throws IOException {
        try (var parser = YAML.getFactory().createParser(text)) {
            JsonNode tree = PLAIN.readTree(parser);
            return PLAIN.writeValueAsString(tree == null ? MissingNode.getInstance() : tree);
        }
    }

    private static ObjectNode object(ObjectMapper mapper, String name) {
        try {
            return mapper.readTree(bytes(name)) instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException broken) {
            throw new UncheckedIOException("The resource (%s) cannot be read.".formatted(name), broken);
        }
    }
}
