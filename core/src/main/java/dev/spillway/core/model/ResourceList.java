package dev.spillway.core.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Amounts of named resources, as pods request and nodes offer them: {@code cpu} in thousandths of a core, everything else in whole
 * units (bytes, devices). Never negative; sums saturate at {@link Long#MAX_VALUE}. A resource that is not named has the amount 0.
 *
 * <p>Immutable, in ascending order of name. Thread-safe.
 */
public final class ResourceList {
    /** Nothing. */
    public static final ResourceList EMPTY = new ResourceList(new String[0], new long[0]);

    /** CPU, in thousandths of a core. */
    public static final String CPU = "cpu";

    /** Memory, in bytes. */
    public static final String MEMORY = "memory";

    /** GPUs, as NVIDIA's device plugin names them. */
    public static final String GPU = "nvidia.com/gpu";

    /** Pods, of which a node takes so many. */
    public static final String PODS = "pods";

    private final String[] names;
    private final long[] amounts;

    private ResourceList(String[] names, long[] amounts) {
        this.names = names;
        this.amounts = amounts;
    }

    /** The given amounts; a negative one is an {@link IllegalArgumentException}. */
    public static ResourceList of(Map<String, Long> map) {
        if (map.isEmpty()) {
            return EMPTY;
        }
        var sorted = new TreeMap<>(map);
        var names = sorted.keySet().toArray(String[]::new);
        var amounts = sorted.values().stream().mapToLong(Long::longValue).toArray();
        for (int i = 0; i < names.length; i++) {
            if (amounts[i] < 0) {
                throw new IllegalArgumentException(
                        "%s is %d: it must not be negative.".formatted(names[i], amounts[i]));
            }
        }
        return new ResourceList(names, amounts);
    }

    /** CPU, memory and GPUs; what is 0 is not named. */
    public static ResourceList of(Resources resources) {
        var map = new TreeMap<String, Long>();
        map.put(CPU, resources.cpuMillis());
        map.put(MEMORY, resources.memoryBytes());
        map.put(GPU, resources.gpus());
        map.values().removeIf(amount -> amount == 0);
        return of(map);
    }

    /** Whether it names no resource. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** Whether an amount is so large that a sum with it is no sum any more. */
    public boolean isSaturated() {
        return Arrays.stream(amounts).anyMatch(amount -> amount == Long.MAX_VALUE);
    }

    /** The names, in ascending order. */
    public List<String> names() {
        return List.of(names);
    }

    /** The amount of a resource, 0 where it is not named. */
    public long get(String name) {
        int index = Arrays.binarySearch(names, name);
        return index < 0 ? 0 : amounts[index];
    }

    /** The sum, saturating. */
    public ResourceList plus(ResourceList other) {
        return merge(other, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }

    /** The difference, never below 0. */
    public ResourceList minus(ResourceList other) {
        return merge(other, (a, b) -> Math.max(0, a - b));
    }

    /** The larger of the two, resource by resource. */
    public ResourceList max(ResourceList other) {
        return merge(other, Math::max);
    }

    private ResourceList merge(ResourceList other, LongBinaryOperator operator) {
        if (other.isEmpty()) {
            return this;
        }
        if (Arrays.equals(names, other.names)) {
            var merged = new long[amounts.length];
            Arrays.setAll(merged, i -> operator.applyAsLong(amounts[i], other.amounts[i]));
            return new ResourceList(names, merged);
        }
        var merged = new TreeMap<String, Long>();
        for (var name : names) {
            merged.put(name, operator.applyAsLong(get(name), other.get(name)));
        }
        for (var name : other.names) {
            merged.computeIfAbsent(name, n -> operator.applyAsLong(get(n), other.get(n)));
        }
        return of(merged);
    }

    /** An amount of a resource for people: cores as {@code 2} or {@code 1500m}, bytes in the largest whole binary unit, the rest as a number. */
    public static String text(String name, long amount) {
        if (name.equals(CPU)) {
            return amount % 1000 == 0 ? Long.toString(amount / 1000) : amount + "m";
        }
        if (name.equals(MEMORY) || name.equals("ephemeral-storage") || name.startsWith("hugepages-")) {
            for (int power = 4; power > 0; power--) {
                long unit = 1L << (10 * power);
                if (amount != 0 && amount % unit == 0) {
                    return amount / unit + "KMGT".substring(power - 1, power) + "i";
                }
            }
        }
        return Long.toString(amount);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceList that
                && Arrays.equals(names, that.names)
                && Arrays.equals(amounts, that.amounts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(amounts);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            text.append(i == 0 ? "" : ", ").append(names[i]).append(' ').append(text(names[i], amounts[i]));
        }
        return text.toString();
    }
}
