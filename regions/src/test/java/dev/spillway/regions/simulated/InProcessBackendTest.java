package dev.spillway.regions.simulated;

import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionBackendConformance;
import dev.spillway.regions.conformance.RegionFixture;

@OnBackend("simulated, in process")
final class InProcessBackendTest extends RegionBackendConformance {
    @Override
    protected RegionFixture startFixture() {
        return new InProcessFixture();
    }
}
