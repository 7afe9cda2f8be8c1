package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is a map from texts, or can be taken for one, as an object.
 *
 * @param values of the map's values
 * @param entries the map that a value is
 * @param made the value from the map
 */
record MapForm(Form values, Function<Object, Map<String, ?>> entries, Function<Map<String, Object>, Object> made)
        implements Form {
    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        out.writeStartObject();
        for (var entry : entries.apply(value).entrySet()) {
            out.writeFieldName(entry.getKey());
            values.write(out, entry.getValue());
        }
        out.writeEndObject();
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        Form.expect(in, JsonToken.START_OBJECT, "an object");
        var map = new LinkedHashMap<String, Object>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            var key = in.currentName();
            in.nextToken();
            map.put(key, values.read(in));
        }
        try {
            return made.apply(map);
        } catch (IllegalArgumentException e) {
            throw UnreadableException.at(in, String.valueOf(e.getMessage()), e);
        }
    }
}
