package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A request to the API, after its path was understood and its body parsed.
 *
 * @param verb what is wanted
 * @param target of what
 * @param query with which options
 * @param content the body; null where there is none
 * @param agent what the client calls itself, as the header User-Agent has it
 */
public record Request(
        Verb verb, Target target, Query query, @Nullable Content content, String agent) {

    /** Who writes where nothing else is said: those in this process are the controllers. */
    public static final String IN_PROCESS = "kube-controller-manager";

    /** A request from within this process. */
    public Request(Verb verb, Target target, Query query, @Nullable Content content) {
        this(verb, target, query, content, IN_PROCESS);
    }

    /** The same request from somebody else. */
    public Request from(String userAgent) {
        return new Request(verb, target, query, content, userAgent);
    }

    /** Creates an object; namespace null for cluster-scoped types. */
    public static Request create(ResourceType type, @Nullable String namespace, ObjectNode object) {
        return new Request(
                Verb.CREATE, Target.collection(type, namespace), Query.none(), new Content(Content.JSON, object));
    }

    /** Creates below an object, such as a pod's binding. */
    public static Request create(Target target, ObjectNode object) {
        return new Request(Verb.CREATE, target, Query.none(), new Content(Content.JSON, object));
    }

    /** Reads one object, always the newest state. */
    public static Request get(Target target) {
        return new Request(Verb.GET, target, Query.none(), null);
    }

    /** Lists a collection. */
    public static Request list(ResourceType type, @Nullable String namespace, Query query) {
        return new Request(Verb.LIST, Target.collection(type, namespace), query, null);
    }

    /** Watches a collection. */
    public static Request watch(ResourceType type, @Nullable String namespace, Query query) {
        return new Request(Verb.WATCH, Target.collection(type, namespace), query, null);
    }

    /** Replaces an object or a subresource of it. */
    public static Request update(Target target, ObjectNode object) {
        return new Request(Verb.UPDATE, target, Query.none(), new Content(Content.JSON, object));
    }

    /** Patches an object or a subresource of it; the content type says in which of the three ways. */
    public static Request patch(Target target, String contentType, JsonNode patch) {
        return new Request(Verb.PATCH, target, Query.none(), new Content(contentType, patch));
    }

    /** Deletes an object; the body may be DeleteOptions. */
    public static Request delete(Target target, @Nullable ObjectNode options) {
        return new Request(
                Verb.DELETE, target, Query.none(), options == null ? null : new Content(Content.JSON, options));
    }
}
