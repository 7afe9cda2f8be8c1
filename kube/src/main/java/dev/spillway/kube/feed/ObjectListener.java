package dev.spillway.kube.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Pod;
import dev.spillway.kube.translate.Kind;

/**
 * Is told of whole objects of the kinds that are read as trees (all but pods), besides the events: the simulated regions'
 * server needs what the core must not see. Called by the threads of the feed, one at a time per kind; return soon.
 */
public interface ObjectListener {
    /** For whoever needs no objects. */
    ObjectListener NONE = new ObjectListener() {
        @Override
        public void seen(Kind kind, JsonNode object) {}

        @Override
        public void gone(Kind kind, String namespace, String name) {}
    };

    /** An object is there, new or changed. Do not change the tree. */
    void seen(Kind kind, JsonNode object);

    /**
     * A pod is there, new or changed, and was told as an event.
     *
     * @param edits as {@link dev.spillway.kube.translate.Decoded#edits}: the same for as long as nothing was edited
     */
    default void podSeen(Pod pod, long edits) {}

    /** An object is gone; the namespace is empty where the kind has none. */
    void gone(Kind kind, String namespace, String name);
}
