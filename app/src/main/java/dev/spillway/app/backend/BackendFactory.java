package dev.spillway.app.backend;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.region.Region;
import dev.spillway.kube.http.Sender;
import dev.spillway.regions.running.RunningPods;

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
    Opened open(RegionId region, Region.Backend settings, Caller caller);

    /**
     * Who asks for the connection.
     *
     * @param clusterId UID of namespace kube-system; instances of others are none of its business
     * @param namespace the controller's own, where credentials are kept
     * @param home requests to the home cluster, as the controller
     * @param onEmptyPoll called each time that a poll for changes came back at once and brought nothing
     */
    record Caller(String clusterId, String namespace, Sender home, Runnable onEmptyPoll) {}

    /** A connection to a region: what decisions need of it, and what users of its pods do. */
    record Opened(RegionBackend backend, RunningPods pods) {
        /** One that only sells. */
        public Opened(RegionBackend backend) {
            this(backend, RunningPods.NONE);
        }
    }
}
