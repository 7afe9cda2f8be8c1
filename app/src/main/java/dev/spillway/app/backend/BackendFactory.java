package dev.spillway.app.backend;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.region.Region;

/**
 * One type of backend: judges what a Region says of it and opens connections. Whoever adds one writes this class and its line in
 * {@link ServedBackends}. Thread-safe.
 */
public interface BackendFactory {
    /** As written in {@code spec.backend.type}. */
    String type();

    /**
     * What makes the settings unusable, as one sentence for whoever wrote the Region; empty where nothing does. No I/O: called for each
     * change of a Region, with the feed waiting.
     */
    String problem(Region.Backend settings);

    /**
     * Opens the connection to a region. May block for the settings' deadline; any exception means that it could not be opened now, and it
     * is tried again.
     *
     * @param settings in which {@link #problem} found nothing
     */
    RegionBackend open(RegionId region, Region.Backend settings, Caller caller);

    /**
     * Who asks for the connection.
     *
     * @param clusterId UID of namespace kube-system; instances of others are none of its business
     * @param onEmptyPoll called each time that a poll for changes came back at once and brought nothing
     */
    record Caller(String clusterId, Runnable onEmptyPoll) {}
}
