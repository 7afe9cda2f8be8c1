package dev.spillway.core.model;

/** The UID that the API server gave a pod; never used twice, so everything about a pod is keyed by it. */
public record PodUid(String value) implements Comparable<PodUid> {
    @Override
    public int compareTo(PodUid other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
