package dev.spillway.regions.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object and where it is, read field by field. Every failure is a {@link MalformedException} that names the field
 * and says what it must be. An explicit null reads as absent.
 */
public final class JsonFields {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String path;
    private final JsonNode node;

    private JsonFields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    /** The fields of a node; {@code path} says what it is, for messages. */
    public static JsonFields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw new MalformedException("%s must be a JSON object; it is %s.".formatted(path, kind(node)));
        }
        return new JsonFields(path, node);
    }

    /** Parses a whole text; {@code path} says what it is, for messages. */
    public static JsonFields parse(String path, String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new MalformedException(
                    "%s is not JSON: %s.".formatted(path, malformed.getOriginalMessage()), malformed);
        }
        return of(path, node);
    }

    /** The object itself. */
    public JsonNode node() {
        return node;
    }

    /** Where these fields are. */
    public String path() {
        return path;
    }

    /** Where a field is. */
    public String path(String field) {
        return path + "." + field;
    }

    /** Fails unless every field has one of these names. */
    public JsonFields only(String... names) {
        List<String> known = List.of(names);
        for (Iterator<String> fields = node.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                throw new MalformedException("%s has no field '%s'; it has %s."
                        .formatted(path, abbreviated(field), String.join(", ", known)));
            }
        }
        return this;
    }

    /** Whether the field is there and not null. */
    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** A text of at most {@code most} characters, which must be there and not empty. */
    public String text(String field, int most) {
        String text = optionalText(field, most);
        if (text == null || text.isEmpty()) {
            throw new MalformedException("%s is missing; give a text.".formatted(path(field)));
        }
        return text;
    }

    /** A text of at most {@code most} characters, or null. */
    public @Nullable String optionalText(String field, int most) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = node.get(field);
        if (!value.isTextual()) {
            throw new MalformedException("%s must be a text; it is %s.".formatted(path(field), kind(value)));
        }
        if (value.textValue().length() > most) {
            throw new MalformedException("%s must have at most %d characters; it has %d."
                    .formatted(path(field), most, value.textValue().length()));
        }
        return value.textValue();
    }

    /** A whole number within bounds, which must be there. */
    public long integer(String field, long least, long most) {
        if (!has(field)) {
            throw new MalformedException(
                    "%s is missing; give a whole number from %d to %d.".formatted(path(field), least, most));
        }
        JsonNode value = node.get(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw new MalformedException("%s must be a whole number from %d to %d; it is %s."
                    .formatted(path(field), least, most, abbreviated(value.toString())));
        }
        return value.longValue();
    }

    /** A whole number within bounds, or what it is by default. */
    public long integer(String field, long least, long most, long byDefault) {
        return has(field) ? integer(field, least, most) : byDefault;
    }

    /** True, false, or null where the field is absent. */
    public @Nullable Boolean optionalFlag(String field) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = node.get(field);
        if (!value.isBoolean()) {
            throw new MalformedException("%s must be true or false; it is %s.".formatted(path(field), kind(value)));
        }
        return value.booleanValue();
    }

    /** The elements of a list of objects, at most {@code most}; empty where the field is absent. */
    public List<JsonFields> objects(String field, int most) {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode element : elements(field, most)) {
            objects.add(of("%s[%d]".formatted(path(field), objects.size()), element));
        }
        return objects;
    }

    /** The elements of a list of texts, at most {@code most} of them; empty where the field is absent. */
    public List<String> texts(String field, int most, int mostCharacters) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(field, most)) {
            if (!element.isTextual()
                    || element.textValue().isEmpty()
                    || element.textValue().length() > mostCharacters) {
                throw new MalformedException("%s[%d] must be a text of 1 to %d characters."
                        .formatted(path(field), texts.size(), mostCharacters));
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** The elements of a list, at most {@code most}; empty where the field is absent. */
    public List<JsonNode> elements(String field, int most) {
        if (!has(field)) {
            return List.of();
        }
        JsonNode value = node.get(field);
        if (!value.isArray()) {
            throw new MalformedException("%s must be a list; it is %s.".formatted(path(field), kind(value)));
        }
        if (value.size() > most) {
            throw new MalformedException(
                    "%s must have at most %d elements; it has %d.".formatted(path(field), most, value.size()));
        }
        List<JsonNode> elements = new ArrayList<>(value.size());
        value.forEach(elements::add);
        return elements;
    }

    /** An object, which must be there. */
    public JsonFields object(String field) {
        if (!has(field)) {
            throw new MalformedException("%s is missing; give an object.".formatted(path(field)));
        }
        return of(path(field), node.get(field));
    }

    /** An object, or null. */
    public @Nullable JsonFields optionalObject(String field) {
        return has(field) ? object(field) : null;
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "empty";
        };
    }

    private static String abbreviated(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
