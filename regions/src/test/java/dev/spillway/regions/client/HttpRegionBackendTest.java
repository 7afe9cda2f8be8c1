package dev.spillway.regions.client;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionBackendConformance;
import dev.spillway.regions.conformance.RegionFixture;

@OnBackend("simulated, over HTTP")
final class HttpRegionBackendTest extends RegionBackendConformance {
    @Override
    protected RegionFixture startFixture() {
        return new HttpRegionFixture();
    }
}
