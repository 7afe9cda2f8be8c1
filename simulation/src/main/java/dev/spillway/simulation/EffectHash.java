package dev.spillway.simulation;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A hash over everything that engines asked for, in order and to the last field: equal before and after a change that only moves code.
 * Of types only the effect's own name counts, so that values may be renamed and moved.
 */
final class EffectHash {
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            var components = type.getRecordComponents();
            for (var component : components) {
                component.getAccessor().setAccessible(true); // records nested in types that are not public
            }
            return components;
        }
    };

    private long hash = FNV_OFFSET;

    void add(Instant now, Effect effect) {
        Record wanted = effect instanceof Effect.Write(ClusterWrite write) ? (Record) write : (Record) effect;
        var text = new StringBuilder(256).append(now).append(wanted.getClass().getSimpleName());
        write(wanted, text);
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
    }

    long value() {
        return hash;
    }

    private static void write(@Nullable Object value, StringBuilder text) {
        switch (value) {
            case null -> text.append('~');
            case Record it -> {
                text.append('(');
                for (var component : COMPONENTS.get(it.getClass())) {
                    write(valueOf(component, it), text);
                    text.append(',');
                }
                text.append(')');
            }
            case Enum<?> it -> text.append(it.name());
            case Map<?, ?> it ->
                new TreeMap<>(it)
                        .forEach((key, of) -> write(of, text.append(key).append('=')));
            case Set<?> it -> new TreeSet<>(it).forEach(of -> write(of, text.append(' ')));
            case Collection<?> it -> it.forEach(of -> write(of, text.append(' ')));
            default -> text.append(value);
        }
    }

    private static @Nullable Object valueOf(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
    }
}
