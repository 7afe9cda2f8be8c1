package dev.spillway.regions.client;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RegionWatchConformance;

@OnBackend("simulated, over HTTP")
final class HttpRegionWatchTest extends RegionWatchConformance {
    @Override
    protected RegionFixture startFixture() {
        return new HttpRegionFixture();
    }
}
