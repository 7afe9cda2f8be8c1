package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A choice of a sealed interface: an object with one field, named as the choice. */
final class ChoiceForm implements Form {
    private final Class<?> type;
    private final Map<Class<?>, Choice> byClass = new HashMap<>();
    private final Map<String, Form> byName = new HashMap<>();

    private record Choice(SerializedString name, Form form) {}

    ChoiceForm(Class<?> type) {
        this.type = type;
    }

    /** Adds one; false where another one has its name. */
    boolean add(Class<?> choice, Form form) {
        byClass.put(choice, new Choice(new SerializedString(choice.getSimpleName()), form));
        return byName.put(choice.getSimpleName(), form) == null;
    }

    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        var choice = byClass.get(value.getClass());
        if (choice == null) {
            throw new IOException("%s is none of %s".formatted(value.getClass().getName(), type.getName()));
        }
        out.writeStartObject();
        out.writeFieldName(choice.name());
        choice.form().write(out, value);
        out.writeEndObject();
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        Form.expect(in, JsonToken.START_OBJECT, "an object that names one " + type.getSimpleName());
        if (in.nextToken() != JsonToken.FIELD_NAME) {
            throw UnreadableException.at(in, "names no " + type.getSimpleName());
        }
        var form = byName.get(in.currentName());
        if (form == null) {
            throw UnreadableException.at(in, "there is no such " + type.getSimpleName());
        }
        in.nextToken();
        var value = form.read(in);
        if (in.nextToken() != JsonToken.END_OBJECT) {
            throw UnreadableException.at(in, "names more than one " + type.getSimpleName());
        }
        return value;
    }
}
