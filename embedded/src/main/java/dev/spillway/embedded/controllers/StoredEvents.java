package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;

/**
 * Writes what a controller tells as events of the core group, those that repeat into the one that is there.
 *
 * <p>Rules: client-go {@code tools/record/event.go}; which are counted together, or dropped, is the {@link EventCorrelator}'s. An
 * event is named after its object and the time in nanoseconds, here counted on where two would fall together.
 */
final class StoredEvents implements EventRecorder {

    private static final long NANOS = 1_000_000_000L;

    private final Api api;
    private final String component;
    private final EventCorrelator correlator = new EventCorrelator();
    private long lastStamp;

    /**
     * A recorder of one controller.
     *
     * @param component the controller as events name it, such as {@code job-controller}
     */
    StoredEvents(ObjectStore store, String component) {
        this.api = new Api(store);
        this.component = component;
    }

    @Override
    public void record(Occurrence occurrence, Instant now) {
        lastStamp = Math.max(now.getEpochSecond() * NANOS + now.getNano(), lastStamp + 1);
        String name = occurrence.about().name() + "." + Long.toHexString(lastStamp);
        EventCorrelator.Observation observation = correlator.observe(occurrence, name, now);
        if (observation.dropped()) {
            return;
        }
        // An event that is gone by its age is written anew, with the count that it had come to.
        if (observation.count() == 1 || !countOn(observation, now).isSuccess()) {
            create(observation, now);
        }
    }

    private Response countOn(EventCorrelator.Observation observation, Instant now) {
        ObjectNode patch = Trees.object()
                .put("count", observation.count())
                .put("lastTimestamp", Metadata.time(now))
                .put("message", observation.occurrence().message());
        Target event = Target.object(
                ResourceType.EVENTS, namespace(observation.occurrence().about()), observation.name());
        return api.request(Request.patch(event, Content.MERGE_PATCH, patch), now);
    }

    private void create(EventCorrelator.Observation observation, Instant now) {
        Occurrence occurrence = observation.occurrence();
        ObjectNode event = Trees.object();
        event.putObject("metadata").put("name", observation.name());
        event.set("involvedObject", occurrence.about().reference());
        event.put("reason", occurrence.reason());
        event.put("message", occurrence.message());
        event.putObject("source").put("component", component);
        event.put("firstTimestamp", Metadata.time(observation.first()));
        event.put("lastTimestamp", Metadata.time(now));
        event.put("count", observation.count());
        event.put("type", occurrence.severity().word());
        event.put("reportingComponent", component);
        event.put("reportingInstance", "");
        api.create(ResourceType.EVENTS, namespace(occurrence.about()), event, now);
    }

    /** Events of objects without a namespace are kept in {@code default}. */
    private static String namespace(Involved about) {
        return about.namespace() == null ? "default" : about.namespace();
    }
}
