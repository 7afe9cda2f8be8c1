package dev.spillway.regions.client;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFaultConformance;
import dev.spillway.regions.conformance.RegionFixture;

@OnBackend("simulated, over HTTP")
final class HttpRegionFaultTest extends RegionFaultConformance {
    @Override
    protected RegionFixture startFixture() {
        return new HttpRegionFixture();
    }
}
