package dev.spillway.app.backend;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.region.Region;
import dev.spillway.regions.client.Endpoint;
import dev.spillway.regions.client.HttpRegionBackend;
import dev.spillway.regions.protocol.MalformedException;
import java.time.Duration;

/** A region of {@code spillway simulated-regions}, which stands where a cloud would: behind HTTP. */
final class SimulatedBackendFactory implements BackendFactory {
    @Override
    public String type() {
        return "Simulated";
    }

    @Override
    public String problem(Region.Backend settings) {
        try {
            var _ = Endpoint.parse(settings.endpoint());
            return "";
        } catch (MalformedException e) {
            return e.getMessage();
        }
    }

    @Override
    public Opened open(RegionId region, Region.Backend settings, Caller caller) {
        var backend = HttpRegionBackend.open(
                region,
                settings.endpoint(),
                Duration.ofMillis(settings.requestTimeoutMillis()),
                caller.clusterId(),
                caller.onEmptyPoll());
        return new Opened(backend, backend.pods());
    }
}
