package dev.spillway.core.profile;

/** UID of the ConfigMap that holds the profile: what an Event about it refers to. */
public record ProfileUid(String value) {
    @Override
    public String toString() {
        return value;
    }
}
