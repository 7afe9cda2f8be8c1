package dev.spillway.core.model;

/** The id that a region gave an instance; unique within that region. */
public record InstanceId(String value) implements Comparable<InstanceId> {
    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
