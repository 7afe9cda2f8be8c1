package dev.spillway.clusterregion;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFaultConformance;
import dev.spillway.regions.conformance.RegionFixture;

@OnBackend("another cluster")
class ClusterRegionFaultConformanceTest extends RegionFaultConformance {
    @Override
    protected RegionFixture startFixture() {
        return new ClusterRegionFixture();
    }
}
