package dev.spillway.core.model;

/** The name of a node, real or virtual. */
public record NodeName(String value) implements Comparable<NodeName> {
    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
