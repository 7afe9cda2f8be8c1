package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.tree.WrittenNumber;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types that read themselves from their JSON, and say in their own words what is wrong with it. */
enum OwnFormat {
    /** Rules: apimachinery {@code pkg/api/resource/quantity.go}, ParseQuantity. */
    QUANTITY("") {
        @Override
        JsonNode read(JsonNode value, Structure.Form form) {
            if (value.isTextual()) {
                String text = value.textValue();
                return text.startsWith(" ") || text.endsWith(" ")
                        ? TextNode.valueOf(SPACES_AROUND.matcher(text).replaceAll(""))
                        : value;
            }
            if (value instanceof WrittenNumber number && form == Structure.Form.JSON) {
                return TextNode.valueOf(number.text());
            }
            return TextNode.valueOf(value.isDouble() ? goText(value.doubleValue()) : value.toString());
        }

        @Override
        @Nullable
        String wrong(JsonNode value) {
            String text = value.asText();
            if (!NUMBER.matcher(text).matches()) {
                return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
            }
            return SUFFIXED.matcher(text).matches() ? null : "unable to parse quantity's suffix";
        }
    },
    TIME("string") {
        @Override
        JsonNode read(JsonNode value, Structure.Form form) {
            return written(GoTime.SECONDS, value);
        }

        @Override
        @Nullable
        String wrong(JsonNode value) {
            return GoTime.SECONDS.wrong(value.textValue());
        }
    },
    MICRO_TIME("string") {
        @Override
        JsonNode read(JsonNode value, Structure.Form form) {
            return written(GoTime.MICROSECONDS, value);
        }

        @Override
        @Nullable
        String wrong(JsonNode value) {
            return GoTime.MICROSECONDS.wrong(value.textValue());
        }
    },
    INT_OR_STRING("int32") {
        @Override
        boolean isReadable(JsonNode value) {
            return value.isTextual() || (value.isIntegralNumber() && value.canConvertToInt());
        }

        @Override
        @Nullable
        String wrong(JsonNode value) {
            return null;
        }
    };

    private static final Pattern SPACES_AROUND = Pattern.compile("^ +| +$");
    private static final String DIGITS = "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)";
    private static final Pattern NUMBER = Pattern.compile(DIGITS + "[eEinumkKMGTP]*[-+]?[0-9]*");
    private static final Pattern SUFFIXED = Pattern.compile(DIGITS + "(?:[numkMGTPE]?|[KMGTPE]i|[eE][-+]?[0-9]+)");

    private static final Map<String, OwnFormat> BY_SCHEMA = Map.of(
            "io.k8s.apimachinery.pkg.api.resource.Quantity", QUANTITY,
            "io.k8s.apimachinery.pkg.apis.meta.v1.Time", TIME,
            "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", MICRO_TIME,
            "io.k8s.apimachinery.pkg.util.intstr.IntOrString", INT_OR_STRING);

    private final String goType;

    OwnFormat(String goType) {
        this.goType = goType;
    }

    /** The format of a schema, or null where its type has none of its own. */
    static @Nullable OwnFormat of(String schema) {
        return BY_SCHEMA.get(schema);
    }

    /** The Go type that the JSON is read into first; empty where it is read as text, whatever it is. */
    String goType() {
        return goType;
    }

    /** Whether the JSON is of that type. */
    boolean isReadable(JsonNode value) {
        return goType.isEmpty() || value.isTextual();
    }

    /** What is stored of a readable value. */
    JsonNode read(JsonNode value, Structure.Form form) {
        return value;
    }

    private static JsonNode written(GoTime layout, JsonNode value) {
        String written = layout.written(value.textValue());
        return written.equals(value.textValue()) ? value : TextNode.valueOf(written);
    }

    /** A number as Go's encoding/json writes it. */
    private static String goText(double number) {
        double size = Math.abs(number);
        var exact = new BigDecimal(Double.toString(number));
        return size == 0 || (size >= 1e-6 && size < 1e21)
                ? exact.toPlainString()
                : exact.stripTrailingZeros().toString();
    }

    /** What is wrong with what was read, or null. */
    abstract @Nullable String wrong(JsonNode value);
}
