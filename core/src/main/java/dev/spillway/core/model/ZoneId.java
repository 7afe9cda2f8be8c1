package dev.spillway.core.model;

/** The id of a zone; unique over all regions (docs/region.md). */
public record ZoneId(String value) implements Comparable<ZoneId> {
    @Override
    public int compareTo(ZoneId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
