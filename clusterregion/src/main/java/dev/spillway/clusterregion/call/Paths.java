package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.translate.ApiRequest;
import org.jspecify.annotations.Nullable;

/** Where things are at an API server, and bodies of deletions. */
public final class Paths {
    private Paths() {}

    /** A pod. */
    public static String pod(String namespace, String name) {
        return object(namespace, "pods", name);
    }

    /** An object of a namespace. */
    public static String object(String namespace, String plural, String name) {
        return objects(namespace, plural) + "/" + ApiRequest.segment(name);
    }

    /** All objects of a kind in a namespace. */
    public static String objects(String namespace, String plural) {
        return namespace(namespace) + "/" + plural;
    }

    /** A namespace. */
    public static String namespace(String name) {
        return "/api/v1/namespaces/" + ApiRequest.segment(name);
    }

    /** All objects of a kind in the cluster that a selector of labels takes. */
    public static String all(String plural, String labelSelector) {
        return "/api/v1/" + plural + "?labelSelector=" + ApiRequest.segment(labelSelector);
    }

    /**
     * Options of a deletion that concerns one object only.
     *
     * @param version of the object, where it must not have changed since; null where it may
     * @param graceSeconds null for the object's own
     */
    public static ObjectNode deletion(String uid, @Nullable String version, @Nullable Long graceSeconds) {
        var options =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "DeleteOptions");
        var preconditions = options.putObject("preconditions").put("uid", uid);
        if (version != null) {
            preconditions.put("resourceVersion", version);
        }
        if (graceSeconds != null) {
            options.put("gracePeriodSeconds", graceSeconds);
        }
        return options;
    }
}
