package dev.spillway.clusterregion;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionBackendConformance;
import dev.spillway.regions.conformance.RegionFixture;

@OnBackend("another cluster")
class ClusterRegionBackendConformanceTest extends RegionBackendConformance {
    @Override
    protected RegionFixture startFixture() {
        return new ClusterRegionFixture();
    }
}
