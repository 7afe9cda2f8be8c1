package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import org.jspecify.annotations.Nullable;

/**
 * What an event is about.
 *
 * @param namespace null for an object without one
 * @param uid null where the controller does not know it
 * @param version the object's version when the event happened; null where the controller does not tell
 */
record Involved(
        String apiVersion,
        String kind,
        @Nullable String namespace,
        String name,
        @Nullable String uid,
        @Nullable String version) {

    /** An object as the controller has it in its hands. */
    static Involved object(ResourceType type, JsonNode object) {
        return new Involved(
                type.apiVersion(),
                type.kind(),
                Api.namespace(object),
                Api.name(object),
                Api.uid(object),
                Trees.text(object, "metadata", "resourceVersion"));
    }

    /** A node: its version is not told. */
    static Involved node(String name, String uid) {
        return new Involved(ResourceType.NODES.apiVersion(), ResourceType.NODES.kind(), null, name, uid, null);
    }

    /** An object known by its name alone. */
    static Involved named(ResourceType type, @Nullable String namespace, String name) {
        return new Involved(type.apiVersion(), type.kind(), namespace, name, null, null);
    }

    /** The same at any version: events of one object are counted together. */
    Involved atAnyVersion() {
        return version == null ? this : new Involved(apiVersion, kind, namespace, name, uid, null);
    }

    /** The {@code involvedObject} of an event. */
    ObjectNode reference() {
        ObjectNode reference = Trees.object().put("kind", kind);
        if (namespace != null) {
            reference.put("namespace", namespace);
        }
        reference.put("name", name);
        if (uid != null) {
            reference.put("uid", uid);
        }
        reference.put("apiVersion", apiVersion);
        if (version != null) {
            reference.put("resourceVersion", version);
        }
        return reference;
    }
}
