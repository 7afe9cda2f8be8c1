package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values as Go writes them, since messages of the API server are made by its fmt, strconv and encoding/json. */
public final class GoText {

    /** From here on, and below 1e-4, the format %v writes an exponent. */
    private static final double LARGEST_PLAIN = 1e21;

    private static final double SMALLEST_PLAIN = 1e-4;

    private GoText() {}

    /** A value in an error: numbers and truth values plain, text quoted, the rest as JSON. */
    static String value(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> quoted(value.textValue());
            case NUMBER -> number(value);
            default -> json(value);
        };
    }

    /** A value, as the format %v. */
    public static String plain(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
                List<String> fields = new ArrayList<>();
                sorted.forEach((name, field) -> fields.add(name + ":" + plain(field)));
                yield "map[" + String.join(" ", fields) + "]";
            }
            case ArrayNode array -> {
                List<String> elements = new ArrayList<>();
                array.forEach(element -> elements.add(plain(element)));
                yield "[" + String.join(" ", elements) + "]";
            }
            default -> value.isNull() ? "<nil>" : value.isNumber() ? number(value) : value.asText();
        };
    }

    /** A value, as the format %#v. */
    public static String literal(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
                List<String> fields = new ArrayList<>();
                sorted.forEach((name, field) -> fields.add(quoted(name) + ":" + literal(field)));
                yield type(value) + "{" + String.join(", ", fields) + "}";
            }
            case ArrayNode array -> {
                List<String> elements = new ArrayList<>();
                array.forEach(element -> elements.add(literal(element)));
                yield type(value) + "{" + String.join(", ", elements) + "}";
            }
            case TextNode text -> quoted(text.textValue());
            default -> value.isNull() ? "interface {}(nil)" : plain(value);
        };
    }

    /** The type that encoding/json reads a value into, as the format %T. */
    public static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case NULL, MISSING, BINARY, POJO -> "<nil>";
        };
    }

    /** A number, as the format %v. */
    static String number(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong()
                ? Long.toString(number.longValue())
                : number(number.doubleValue());
    }

    /** A number of type float64, as the format %v. */
    static String number(double number) {
        if (number == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        double size = Math.abs(number);
        if (size < LARGEST_PLAIN && size >= SMALLEST_PLAIN) {
            return exact.toPlainString();
        }
        int exponent = exact.precision() - exact.scale() - 1;
        String digits = exact.scaleByPowerOfTen(-exponent).toPlainString();
        return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Text, as strconv.Quote. */
    static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            switch (point) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                case 0x07 -> result.append("\\a");
                case '\b' -> result.append("\\b");
                case '\f' -> result.append("\\f");
                case 0x0b -> result.append("\\v");
                default -> {
                    if (point < ' ' || point == 0x7f) {
                        result.append("\\x%02x".formatted(point));
                    } else if (isPrintable(point)) {
                        result.appendCodePoint(point);
                    } else {
                        result.append(point < 0x10000 ? "\\u%04x".formatted(point) : "\\U%08x".formatted(point));
                    }
                }
            }
        });
        return result.append('"').toString();
    }

    /** A value as encoding/json writes it: sorted fields, no blanks. */
    static String json(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
                List<String> fields = new ArrayList<>();
                for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
                    fields.add(jsonText(field.getKey()) + ":" + json(field.getValue()));
                }
                yield "{" + String.join(",", fields) + "}";
            }
            case ArrayNode array -> {
                List<String> elements = new ArrayList<>();
                array.forEach(element -> elements.add(json(element)));
                yield "[" + String.join(",", elements) + "]";
            }
            default ->
                value.isTextual() ? jsonText(value.textValue()) : value.isNumber() ? number(value) : value.toString();
        };
    }

    private static String jsonText(String text) {
        String plain = TextNode.valueOf(text).toString();
        return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
