package dev.spillway.core.model;

/** UID of the ConfigMap that holds the profile: what an Event about it refers to. */
public record ProfileUid(String value) {
    @Override
    public String toString() {
        return value;
    }
}
