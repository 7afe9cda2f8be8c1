package dev.spillway.recording.codec;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.ResourceList;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random values of any type that events and effects are made of: small, but with texts, numbers and times at their limits. */
final class Arbitrary {
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "web-7",
            "nvidia.com/gpu",
            "*",
            "\"quoted\" \\ back\nline\ttab\u0000",
            "ümläut 日本 \ud83d\ude80",
            "\ud800",
            "value");
    // No key with half a surrogate pair, which no API server lets through.
    private static final List<String> KEYS = List.of("", "app", "example.com/name-", "\"\\ 日本 🚀");
    private static final List<Long> NUMBERS =
            List.of(0L, 1L, 1000L, (long) Integer.MAX_VALUE, Long.MAX_VALUE, -1L, Long.MIN_VALUE);
    private static final int TRIES = 1000;

    private final SplittableRandom random;

    Arbitrary(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A value of the type. */
    Object of(Type type) {
        return switch (type) {
            case Class<?> c when c == String.class -> text();
            case Class<?> c when c == int.class || c == Integer.class -> (int) number();
            case Class<?> c when c == long.class || c == Long.class -> number();
            case Class<?> c when c == boolean.class -> random.nextBoolean();
            case Class<?> c
            when c == Instant.class ->
                Instant.ofEpochSecond(random.nextLong(-1L << 34, 1L << 36), random.nextInt(1_000_000_000));
            case Class<?> c
            when c == Duration.class ->
                Duration.ofSeconds(random.nextLong(-9, 1L << 40), random.nextInt(1_000_000_000));
            case Class<?> c when c == Labels.class -> Labels.of(map(String.class));
            case Class<?> c when c == ResourceList.class -> ResourceList.of(amounts());
            case Class<?> c when c.isEnum() -> one(List.of(c.getEnumConstants()));
            case Class<?> c when c.isRecord() -> record(c);
            case Class<?> c when c.isSealed() -> of(one(List.copyOf(Forms.leaves(c))));
            case ParameterizedType p -> container(p);
            default -> throw new IllegalArgumentException(type.getTypeName());
        };
    }

    private <E> E one(List<E> all) {
        return all.get(random.nextInt(all.size()));
    }

    private String text() {
        return one(TEXTS) + (random.nextBoolean() ? "" : Integer.toString(random.nextInt(1000)));
    }

    private String key() {
        return one(KEYS) + random.nextInt(1000);
    }

    private long number() {
        return random.nextBoolean() ? one(NUMBERS) : random.nextInt(100);
    }

    private Object record(Class<?> type) {
        var components = type.getRecordComponents();
        for (int tried = 0; tried < TRIES; tried++) {
            try {
                return type.getConstructor(Arrays.stream(components)
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new))
                        .newInstance(
                                Arrays.stream(components).map(this::component).toArray());
            } catch (InvocationTargetException e) {
                // it does not take such values: others
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(type.getName(), e);
            }
        }
        throw new AssertionError(type + " takes nothing");
    }

    private @Nullable Object component(RecordComponent component) {
        boolean absent = component.getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextBoolean();
        return absent ? null : of(component.getGenericType());
    }

    private Object container(ParameterizedType type) {
        var last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == SortedMap.class) {
            return new TreeMap<>(map(last));
        }
        if (type.getRawType() == Map.class) {
            return map(last);
        }
        var elements =
                IntStream.range(0, random.nextInt(4)).mapToObj(i -> of(last)).toList();
        return type.getRawType() == Set.class ? sorted(elements) : elements;
    }

    /** A set in the order that the records of the core give theirs. */
    private static Set<Object> sorted(List<Object> elements) {
        return new TreeSet<>(elements);
    }

    @SuppressWarnings("unchecked") // the caller names the type
    private <V> Map<String, V> map(Type values) {
        var map = new LinkedHashMap<String, V>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(key(), (V) of(values));
        }
        return map;
    }

    private Map<String, Long> amounts() {
        Map<String, Long> map = map(long.class);
        return map.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue() & Long.MAX_VALUE));
    }
}
