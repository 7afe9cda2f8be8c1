package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is written as a text.
 *
 * @param what names it for people
 * @param parsed the value of a text; throws where there is none
 */
record Text(String what, Function<Object, String> text, Function<String, Object> parsed) implements Form {
    // Up to the last @ before the path: a password may hold one.
    private static final Pattern USER_OF_URL = Pattern.compile("://[^/?#\\s]*@");

    static final Map<Class<?>, Form> FORMS = Map.of(
            String.class, new Text("a text", value -> masked((String) value), text -> text),
            Instant.class, new Text("an instant such as 2026-01-01T00:00:00Z", Object::toString, Instant::parse),
            Duration.class, new Text("a duration such as PT1.5S", Object::toString, Duration::parse));

    /** The form of an enum's constants. */
    static Text constantOf(Class<?> type) {
        var byName = new LinkedHashMap<String, Object>();
        for (var constant : type.getEnumConstants()) {
            byName.put(((Enum<?>) constant).name(), constant);
        }
        return new Text("one of " + String.join(", ", byName.keySet()), value -> ((Enum<?>) value).name(), name -> {
            var constant = byName.get(name);
            if (constant == null) {
                throw new IllegalArgumentException(name);
            }
            return constant;
        });
    }

    /** The same without user and password of a URL. */
    static String masked(String text) {
        return text.contains("://") ? USER_OF_URL.matcher(text).replaceAll("://***@") : text;
    }

    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        out.writeString(text.apply(value));
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        Form.expect(in, JsonToken.VALUE_STRING, what);
        var found = in.getText();
        try {
            return parsed.apply(found);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw UnreadableException.at(in, "should be %s, but is '%s'".formatted(what, found), e);
        }
    }
}
