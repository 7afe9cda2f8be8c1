package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A choice of a sealed interface: an object with one field, named as the choice. */
final class ChoiceForm implements Form {
    private final Class<?> type;
    private final Forms forms;
    private final Map<Class<?>, Choice> met = new ConcurrentHashMap<>(); // those written so far
    private volatile @Nullable Map<String, Form> byName; // all, once one is read

    private record Choice(SerializedString name, Form form) {}

    ChoiceForm(Class<?> type, Forms forms) {
        this.type = type;
        this.forms = forms;
    }

    private Choice choice(Class<?> of) {
        var choice = met.get(of);
        if (choice == null) {
            choice = new Choice(new SerializedString(of.getSimpleName()), forms.of(of, type.getSimpleName()));
            met.put(of, choice);
        }
        return choice;
    }

    private Map<String, Form> byName() {
        var all = byName;
        if (all == null) {
            all = forms.choices(type);
            byName = all;
        }
        return all;
    }

    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        var choice = choice(value.getClass());
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
        var form = byName().get(in.currentName());
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
