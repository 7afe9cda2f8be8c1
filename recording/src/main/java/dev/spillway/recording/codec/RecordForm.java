package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as an object: a field for each component. */
final class RecordForm implements Form {
    private final Class<?> type;
    private final Forms forms;
    private volatile @Nullable Shape shape;

    /** One component. */
    record Field(String name, SerializedString written, Method accessor, boolean nullable, Form form) {}

    /** All of them, found out when the first value is met: an engine that starts meets few of all the types there are. */
    private record Shape(List<Field> fields, Map<String, Integer> indexes, Constructor<?> constructor) {}

    RecordForm(Class<?> type, Forms forms) {
        this.type = type;
        this.forms = forms;
    }

    private Shape shape() {
        var known = shape;
        return known == null ? findOut() : known;
    }

    private Shape findOut() {
        var fields = forms.fields(type);
        var indexes = new HashMap<String, Integer>();
        fields.forEach(field -> indexes.put(field.name(), indexes.size()));
        var components =
                fields.stream().map(field -> field.accessor().getReturnType()).toArray(Class<?>[]::new);
        try {
            var found = new Shape(fields, Map.copyOf(indexes), type.getConstructor(components));
            shape = found;
            return found;
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("%s is not public".formatted(type.getName()), e);
        }
    }

    /** The only component, of a record that has but one. */
    Field only() {
        return shape().fields().getFirst();
    }

    @Override
    public void write(JsonGenerator out, Object value) throws IOException {
        var fields = shape().fields();
        out.writeStartObject();
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            out.writeFieldName(field.written());
            var component = get(field, value);
            if (component != null) {
                field.form().write(out, component);
            } else if (field.nullable()) {
                out.writeNull();
            } else {
                throw new IOException("%s.%s is null".formatted(type.getName(), field.name()));
            }
        }
        out.writeEndObject();
    }

    static @Nullable Object get(Field field, Object value) {
        try {
            return field.accessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(field.name() + " cannot be read", e);
        }
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        Form.expect(in, JsonToken.START_OBJECT, "an object");
        var fields = shape().fields();
        var indexes = shape().indexes();
        var values = new @Nullable Object[fields.size()];
        var seen = new boolean[values.length];
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            var index = indexes.get(in.currentName());
            if (index == null) {
                throw UnreadableException.at(in, "%s has no such field".formatted(type.getSimpleName()));
            }
            in.nextToken();
            values[index] = value(in, fields.get(index));
            seen[index] = true;
        }
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                throw UnreadableException.at(
                        in,
                        "%s lacks its field %s"
                                .formatted(type.getSimpleName(), fields.get(i).name()));
            }
        }
        return construct(in, values);
    }

    private static @Nullable Object value(JsonParser in, Field field) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_NULL)) {
            return field.form().read(in);
        }
        if (!field.nullable()) {
            throw UnreadableException.at(in, "must not be null");
        }
        return null;
    }

    Object construct(JsonParser in, @Nullable Object... values) throws UnreadableException {
        try {
            return shape().constructor().newInstance(values);
        } catch (InvocationTargetException e) {
            throw UnreadableException.at(
                    in, "%s does not take this: %s".formatted(type.getSimpleName(), e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be made", e);
        }
    }
}
