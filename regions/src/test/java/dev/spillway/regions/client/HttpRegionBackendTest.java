package dev.spillway.regions.client;

import dev.spillway.regions.conformance.RegionBackendConformance;
import dev.spillway.regions.conformance.RegionFixture;

final class HttpRegionBackendTest extends RegionBackendConformance {
    @Override
    protected RegionFixture startFixture() {
        return new HttpRegionFixture();
    }
}
