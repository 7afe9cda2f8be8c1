package dev.spillway.core.model;

/** The id of a region: the name of its Region object. */
public record RegionId(String value) implements Comparable<RegionId> {
    @Override
    public int compareTo(RegionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
