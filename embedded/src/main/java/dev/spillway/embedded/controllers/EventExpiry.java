package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets events go an hour after they were last written, whoever wrote them.
 *
 * <p>Rules: kube-apiserver, {@code --event-ttl}; etcd does it there. The time is read from the event, to the second.
 */
final class EventExpiry implements Controller {

    private static final Duration LIFE = Duration.ofHours(1);

    /** Looked for no more often than this; chosen. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Api api;
    private @Nullable Instant next;

    EventExpiry(ObjectStore store) {
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        if (next != null && now.isBefore(next)) {
            return;
        }
        next = now.plus(PAUSE);
        for (ObjectNode event : api.list(ResourceType.EVENTS)) {
            if (!now.isBefore(written(event).plus(LIFE))) {
                api.delete(ResourceType.EVENTS, event, Trees.object(), now);
            }
        }
    }

    private static Instant written(ObjectNode event) {
        Instant created =
                Instant.parse(event.path("metadata").path("creationTimestamp").asText());
        String repeated = Trees.text(event, "series", "lastObservedTime");
        String last = repeated == null ? Trees.text(event, "lastTimestamp") : repeated;
        // The writer's clock may be wrong, but an event was not written before it was created.
        return last == null || Instant.parse(last).isBefore(created) ? created : Instant.parse(last);
    }
}
