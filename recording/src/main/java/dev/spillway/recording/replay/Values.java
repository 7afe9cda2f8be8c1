package dev.spillway.recording.replay;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into records. */
final class Values {
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    private Values() {}

    /** A component and what it is. */
    record Part(Class<?> declared, @Nullable Object value) {}

    static List<Part> of(Record whole) {
        var parts = new ArrayList<Part>();
        for (var component : COMPONENTS.get(whole.getClass())) {
            try {
                parts.add(new Part(component.getType(), component.getAccessor().invoke(whole)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return parts;
    }

    /** The record's own name and those of the choices within it, such as {@code AcquireAnswered Refused OutOfStock}. */
    static String kind(Record whole) {
        var name = new StringBuilder(whole.getClass().getSimpleName());
        for (var part : of(whole)) {
            if (part.declared().isSealed() && part.value() instanceof Record choice) {
                name.append(' ').append(kind(choice));
            }
        }
        return name.toString();
    }
}
