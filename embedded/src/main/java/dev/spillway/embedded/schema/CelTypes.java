package dev.spillway.embedded.schema;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types that rules see: those of a schema, so that a rule about a field that is not there does not compile.
 *
 * <p>Rules: apiserver {@code pkg/cel/common/schemas.go}, names of fields: {@code pkg/cel/escaping.go}. Knows the types it was
 * asked for; not thread-safe while it is asked for more.
 */
final class CelTypes {

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private final Map<String, CelType> structs = new LinkedHashMap<>();

    /**
     * The type of a node.
     *
     * @param path names the type; differs from node to node
     * @return null where rules cannot see values of it
     */
    @Nullable
    CelType of(Structural schema, String path, boolean isResource) {
        if (schema.isIntOrString()) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case "array" -> {
                CelType element = schema.items() == null
                        ? null
                        : of(schema.items(), path + ".items", schema.items().isEmbeddedResource());
                yield element == null ? null : ListType.create(element);
            }
            case "object" -> {
                Structural values = schema.additionalProperties();
                if (values == null) {
                    yield struct(schema, path, isResource);
                }
                CelType value = of(values, path + ".values", values.isEmbeddedResource());
                yield value == null ? null : MapType.create(SimpleType.STRING, value);
            }
            case "string" ->
                switch (schema.source().path("format").asText("")) {
                    case "byte" -> SimpleType.BYTES;
                    case "duration" -> SimpleType.DURATION;
                    case "date", "date-time" -> SimpleType.TIMESTAMP;
                    default -> SimpleType.STRING;
                };
            case "boolean" -> SimpleType.BOOL;
            case "number" -> SimpleType.DOUBLE;
            case "integer" -> SimpleType.INT;
            default -> null;
        };
    }

    private StructType struct(Structural schema, String path, boolean isResource) {
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> {
            String escaped = escape(name);
            CelType type = of(property, path + "." + name, property.isEmbeddedResource());
            if (escaped != null && type != null) {
                fields.put(escaped, type);
            }
        });
        if (isResource) {
            fields.put("kind", SimpleType.STRING);
            fields.put("apiVersion", SimpleType.STRING);
            fields.put(
                    "metadata",
                    struct(path + ".metadata", Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
        }
        return struct(path, fields);
    }

    private StructType struct(String path, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        StructType type = StructType.create(path, known.keySet(), name -> Optional.ofNullable(known.get(name)));
        structs.put(path, type);
        return type;
    }

    /** The name of a field in rules; null where it has none and rules cannot see it. */
    static @Nullable String escape(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        if (!name.matches("[a-zA-Z_./-][a-zA-Z0-9_./-]*")) {
            return null;
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }

    /** The types of objects asked for so far. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    private record Provider(ImmutableMap<String, CelType> structs) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return structs.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(structs.get(name));
        }
    }
}
