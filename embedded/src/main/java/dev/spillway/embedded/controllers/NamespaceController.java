package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.NamespaceRules;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;

/**
 * Empties a namespace that is being deleted, then lets it go.
 *
 * <p>Rules: kubernetes {@code pkg/controller/namespace/deletion}. Pods get their grace.
 */
public final class NamespaceController implements Controller {

    private final ObjectStore store;
    private final Api api;

    /** A controller of a store. */
    public NamespaceController(ObjectStore store) {
        this.store = store;
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        for (ObjectNode namespace : api.list(ResourceType.NAMESPACES)) {
            if (Api.isDeleting(namespace) && NamespaceRules.isHeld(namespace) && empty(Api.name(namespace), now)) {
                ObjectNode next = Trees.thaw(namespace);
                Trees.writable(next, "spec").remove("finalizers");
                api.request(
                        Request.update(
                                Api.target(ResourceType.NAMESPACES, namespace).sub(NamespaceRules.FINALIZE), next),
                        now);
            }
        }
    }

    /** Deletes what is left; true when there was nothing. */
    private boolean empty(String namespace, Instant now) {
        boolean nothingLeft = true;
        for (ResourceType type : store.types()) {
            if (!type.isNamespaced()) {
                continue;
            }
            for (ObjectNode object : api.list(type)) {
                if (namespace.equals(Api.namespace(object))) {
                    nothingLeft = false;
                    if (!Api.isDeleting(object)) {
                        api.delete(type, object, Trees.object().put("propagationPolicy", "Background"), now);
                    }
                }
            }
        }
        return nothingLeft;
    }
}
