package dev.spillway.clusterregion;

import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RegionWatchConformance;

class ClusterRegionWatchConformanceTest extends RegionWatchConformance {
    @Override
    protected RegionFixture startFixture() {
        return new ClusterRegionFixture();
    }
}
