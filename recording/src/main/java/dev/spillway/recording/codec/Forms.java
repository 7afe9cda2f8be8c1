package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.io.SerializedString;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.ResourceList;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the forms of types, each when it is first met. Thread-safe. */
final class Forms {
    private final Map<Type, Form> known = new HashMap<>(Text.FORMS);

    Forms() {
        known.put(int.class, Primitive.INT);
        known.put(Integer.class, Primitive.INT);
        known.put(long.class, Primitive.LONG);
        known.put(Long.class, Primitive.LONG);
        known.put(boolean.class, Primitive.BOOLEAN);
        known.put(Boolean.class, Primitive.BOOLEAN);
        // The two values of the core that are no records.
        known.put(
                Labels.class,
                new MapForm(of(String.class, ""), value -> ((Labels) value).toMap(), map -> Labels.of(texts(map))));
        known.put(
                ResourceList.class,
                new MapForm(
                        Primitive.LONG, value -> amounts((ResourceList) value), map -> ResourceList.of(numbers(map))));
    }

    /** The form of a type. {@code where} names its place in a message. */
    synchronized Form of(Type type, String where) {
        var form = known.get(type);
        if (form != null) {
            return form;
        }
        return switch (type) {
            case Class<?> c when c.isRecord() -> record(c);
            case Class<?> c when c.isEnum() -> remember(c, Text.constantOf(c));
            case Class<?> c when c.isSealed() -> remember(c, new ChoiceForm(c, this));
            case ParameterizedType p -> remember(p, container(p, where));
            default -> throw none(type, where);
        };
    }

    private Form remember(Type type, Form form) {
        known.put(type, form);
        return form;
    }

    private static IllegalArgumentException none(Type type, String where) {
        return new IllegalArgumentException("%s: there is no JSON form of %s".formatted(where, type.getTypeName()));
    }

    private Form record(Class<?> type) {
        var components = type.getRecordComponents();
        var whole = new RecordForm(type, this);
        boolean onlyNames = components.length == 1
                && components[0].getName().equals("value")
                && !isNullable(components[0].getAnnotatedType());
        return remember(type, onlyNames ? new ValueForm(whole) : whole);
    }

    /** What a record is made of. */
    synchronized List<RecordForm.Field> fields(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(component -> field(component, record))
                .toList();
    }

    private RecordForm.Field field(RecordComponent component, Class<?> type) {
        var where = type.getSimpleName() + "." + component.getName();
        return new RecordForm.Field(
                component.getName(),
                new SerializedString(component.getName()),
                component.getAccessor(),
                isNullable(component.getAnnotatedType()),
                of(component.getGenericType(), where));
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /** What a sealed type may be in the end, by simple names. */
    synchronized Map<String, Form> choices(Class<?> type) {
        var choices = new HashMap<String, Form>();
        for (var leaf : leaves(type)) {
            if (choices.put(leaf.getSimpleName(), of(leaf, type.getSimpleName())) != null) {
                throw new IllegalArgumentException(
                        "%s: two choices are called %s".formatted(type.getName(), leaf.getSimpleName()));
            }
        }
        return choices;
    }

    /** What a sealed type may be in the end, each once. */
    static Set<Class<?>> leaves(Class<?> type) {
        var leaves = new LinkedHashSet<Class<?>>();
        for (var permitted : type.getPermittedSubclasses()) {
            if (permitted.isSealed() && !permitted.isEnum()) {
                leaves.addAll(leaves(permitted));
            } else {
                leaves.add(permitted);
            }
        }
        return leaves;
    }

    private Form container(ParameterizedType type, String where) {
        var arguments = type.getActualTypeArguments();
        var raw = type.getRawType();
        var last = of(arguments[arguments.length - 1], where);
        if (raw == List.class) {
            return new ListForm(last, List::copyOf);
        }
        if (raw == Set.class) {
            return new ListForm(last, Forms::set);
        }
        if (arguments[0] == String.class && raw == Map.class) {
            return new MapForm(last, Forms::entries, Collections::unmodifiableMap);
        }
        if (arguments[0] == String.class && raw == SortedMap.class) {
            return new MapForm(
                    last, Forms::entries, map -> Collections.unmodifiableSortedMap(new TreeMap<String, Object>(map)));
        }
        throw none(type, where);
    }

    private static Collection<Object> set(List<Object> all) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(all));
    }

    @SuppressWarnings("unchecked") // of() sees to it that the keys are texts
    private static Map<String, ?> entries(Object map) {
        return (Map<String, ?>) map;
    }

    private static Map<String, String> texts(Map<String, Object> map) {
        var texts = new LinkedHashMap<String, String>();
        map.forEach((key, value) -> texts.put(key, (String) value));
        return texts;
    }

    private static Map<String, Long> numbers(Map<String, Object> map) {
        var numbers = new LinkedHashMap<String, Long>();
        map.forEach((key, value) -> numbers.put(key, (Long) value));
        return numbers;
    }

    private static Map<String, Long> amounts(ResourceList list) {
        var amounts = new LinkedHashMap<String, Long>();
        list.names().forEach(name -> amounts.put(name, list.get(name)));
        return amounts;
    }
}
