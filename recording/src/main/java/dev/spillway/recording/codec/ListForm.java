package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** A list or set as an array, in the order of its iteration. {@code made}: the collection from what was read. */
record ListForm(Form elements, Function<List<Object>, Collection<Object>> made) implements Form {
    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        out.writeStartArray();
        for (var element : (Collection<?>) value) {
            elements.write(out, element);
        }
        out.writeEndArray();
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        Form.expect(in, JsonToken.START_ARRAY, "an array");
        var all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(elements.read(in));
        }
        return made.apply(all);
    }
}
