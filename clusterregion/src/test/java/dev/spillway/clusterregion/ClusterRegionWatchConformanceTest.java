package dev.spillway.clusterregion;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RegionWatchConformance;

@OnBackend("another cluster")
class ClusterRegionWatchConformanceTest extends RegionWatchConformance {
    @Override
    protected RegionFixture startFixture() {
        return new ClusterRegionFixture();
    }
}
