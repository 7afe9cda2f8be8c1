package dev.spillway.clusterregion;

import dev.spillway.regions.conformance.RegionBackendConformance;
import dev.spillway.regions.conformance.RegionFixture;

class ClusterRegionBackendConformanceTest extends RegionBackendConformance {
    @Override
    protected RegionFixture startFixture() {
        return new ClusterRegionFixture();
    }
}
