package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Objects;

/** A record that only gives its one component a name: written as that component. */
record ValueForm(RecordForm whole) implements Form {
    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        var field = whole.only();
        field.form().write(out, Objects.requireNonNull(RecordForm.get(field, value)));
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        return whole.construct(in, whole.only().form().read(in));
    }
}
