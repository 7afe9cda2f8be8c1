package dev.spillway.regions.simulated;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RegionWatchConformance;

@OnBackend("simulated, in process")
final class InProcessWatchTest extends RegionWatchConformance {
    @Override
    protected RegionFixture startFixture() {
        return new InProcessFixture();
    }
}
