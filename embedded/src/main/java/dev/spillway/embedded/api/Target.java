package dev.spillway.embedded.api;

import org.jspecify.annotations.Nullable;

/**
 * What a request is about.
 *
 * @param type the type of object
 * @param namespace null for cluster-scoped types, and for a list or watch over all namespaces
 * @param name null for a request about a whole collection
 * @param subresource such as {@code status} or {@code binding}; null for the object itself
 */
public record Target(
        ResourceType type,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String subresource) {

    /** The objects of a type in a namespace, or in all of them where it is null. */
    public static Target collection(ResourceType type, @Nullable String namespace) {
        return new Target(type, namespace, null, null);
    }

    /** One object; its namespace is null where the type has none. */
    public static Target object(ResourceType type, @Nullable String namespace, String name) {
        return new Target(type, namespace, name, null);
    }

    /** A part of this object that is written on its own. */
    public Target sub(String part) {
        return new Target(type, namespace, name, part);
    }
}
