package dev.spillway.embedded.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.StrictJson;
import dev.spillway.embedded.tree.Trees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a body in protobuf. Rules: apimachinery {@code pkg/runtime/serializer/protobuf}: four bytes, then a message Unknown with the
 * kind and the object. What Go's JSON leaves out, because it says nothing, is left out here as well, so that what follows cannot
 * tell how the object came.
 */
public final class Protobuf {

    /** How clients name it. */
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Where the kinds of a version are declared. */
    private static final Map<String, String> PACKAGES = Map.of(
            "v1", "core",
            "apps/v1", "apps",
            "batch/v1", "batch",
            "policy/v1", "policy",
            "coordination.k8s.io/v1", "coordination");

    private Protobuf() {}

    /**
     * The object in a body; of a kind that is not known here no more than its kind, since no path takes it anyway.
     *
     * @throws Failure 400 where it cannot be read
     */
    public static ObjectNode read(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        for (byte expected : MAGIC) {
            if (!bytes.hasRemaining() || bytes.get() != expected) {
                throw Wire.malformed();
            }
        }
        String apiVersion = "";
        String kind = "";
        ByteBuffer raw = ByteBuffer.allocate(0);
        Wire unknown = new Wire(bytes.slice());
        while (unknown.next()) {
            switch (unknown.number()) {
                case 1 -> {
                    Wire type = new Wire(unknown.part());
                    while (type.next()) {
                        String text = type.text();
                        apiVersion = type.number() == 1 ? text : apiVersion;
                        kind = type.number() == 2 ? text : kind;
                    }
                }
                case 2 -> raw = unknown.part();
                default -> unknown.skip();
            }
        }
        String place = kind.equals("DeleteOptions") ? "meta" : PACKAGES.get(apiVersion);
        Message message = Message.of(place + "." + kind);
        ObjectNode object = Trees.object();
        object.put("kind", kind).put("apiVersion", apiVersion);
        if (message != null) {
            readInto(object, message, new Wire(raw));
        }
        return object;
    }

    private static void readInto(ObjectNode object, Message message, Wire wire) {
        while (wire.next()) {
            Message.Field field = message.fields().get(wire.number());
            if (field == null || field.type().contains("?")) {
                wire.skip();
            } else if (field.name().equals(Message.INLINE)) {
                readInto(object, message(field.type()), new Wire(wire.part()));
            } else {
                set(object, field, wire);
            }
        }
    }

    private static void set(ObjectNode object, Message.Field field, Wire wire) {
        String inner = field.type().substring(1);
        switch (field.type().charAt(0)) {
            case '*' -> {
                ArrayNode list = object.withArrayProperty(field.name());
                if (inner.equals("i") && wire.kind() == Wire.Kind.LENGTH) {
                    Wire packed = new Wire(wire.part());
                    while (packed.hasMore()) {
                        list.add(packed.varint());
                    }
                } else {
                    list.add(value(inner, wire));
                }
            }
            case '%' -> {
                ObjectNode map = object.withObjectProperty(field.name());
                String key = "";
                JsonNode value = NullNode.getInstance();
                Wire entry = new Wire(wire.part());
                while (entry.next()) {
                    if (entry.number() == 1) {
                        key = entry.text();
                    } else {
                        value = value(inner, entry);
                    }
                }
                map.set(key, value);
            }
            default -> {
                JsonNode value = value(field.type(), wire);
                if (field.keepsZero() || !isZero(value)) {
                    object.set(field.name(), value);
                }
            }
        }
    }

    private static JsonNode value(String type, Wire wire) {
        return switch (type.charAt(0)) {
            case 's' -> TextNode.valueOf(wire.text());
            case 'i' -> LongNode.valueOf(wire.whole());
            case 't' -> BooleanNode.valueOf(wire.whole() != 0);
            case 'd' -> DoubleNode.valueOf(Double.longBitsToDouble(wire.whole()));
            case 'b' -> TextNode.valueOf(base64(wire.part()));
            case 'T' -> time(wire.part(), DateTimeFormatter.ISO_INSTANT);
            case 'M' -> time(wire.part(), MICROS);
            case 'Q' -> TextNode.valueOf(textOf(wire.part()));
            case 'I' -> intOrString(wire.part());
            case 'F' -> fields(wire.part());
            case '*' -> throw Wire.malformed(); // no list of lists is declared
            case '@' -> {
                ObjectNode object = Trees.object();
                readInto(object, message(type), new Wire(wire.part()));
                yield object;
            }
            default -> throw new IllegalStateException("The type (%s) in messages.txt is none.".formatted(type));
        };
    }

    private static Message message(String type) {
        return Objects.requireNonNull(Message.of(type.substring(1)), type);
    }

    private static boolean isZero(JsonNode value) {
        return value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isNumber() && value.doubleValue() == 0)
                || (value.isBoolean() && !value.booleanValue());
    }

    private static String base64(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Seconds and nanoseconds; a time that was not set has neither. */
    private static JsonNode time(ByteBuffer part, DateTimeFormatter format) {
        if (!part.hasRemaining()) {
            return NullNode.getInstance();
        }
        long seconds = 0;
        long nanos = 0;
        Wire wire = new Wire(part);
        while (wire.next()) {
            long value = wire.whole();
            seconds = wire.number() == 1 ? value : seconds;
            nanos = wire.number() == 2 ? value : nanos;
        }
        try {
            Instant time = Instant.ofEpochSecond(seconds, format == MICROS ? nanos : 0);
            return TextNode.valueOf(format.format(time));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            throw Wire.malformed();
        }
    }

    /** The text of a message of one field, as a quantity is. */
    private static String textOf(ByteBuffer part) {
        String text = "";
        Wire wire = new Wire(part);
        while (wire.next()) {
            if (wire.number() == 1) {
                text = wire.text();
            } else {
                wire.skip();
            }
        }
        return text;
    }

    private static JsonNode intOrString(ByteBuffer part) {
        long isText = 0;
        long number = 0;
        String text = "";
        Wire wire = new Wire(part);
        while (wire.next()) {
            switch (wire.number()) {
                case 1 -> isText = wire.whole();
                case 2 -> number = wire.whole();
                case 3 -> text = wire.text();
                default -> wire.skip();
            }
        }
        return isText == 0 ? LongNode.valueOf(number) : TextNode.valueOf(text);
    }

    private static JsonNode fields(ByteBuffer part) {
        Wire wire = new Wire(part);
        JsonNode fields = NullNode.getInstance();
        while (wire.next()) {
            ByteBuffer raw = wire.part();
            try {
                fields = StrictJson.read(StandardCharsets.UTF_8.decode(raw).toString())
                        .tree();
            } catch (IOException malformed) {
                throw Failure.badRequest(
                        "The owners of fields in a body in protobuf are no JSON: " + malformed.getMessage());
            }
        }
        return fields;
    }
}
