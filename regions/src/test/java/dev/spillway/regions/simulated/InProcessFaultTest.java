package dev.spillway.regions.simulated;

import dev.spillway.regions.conformance.FaultCase;
import dev.spillway.regions.conformance.OnBackend;
import dev.spillway.regions.conformance.RegionFaultConformance;
import dev.spillway.regions.conformance.RegionFixture;
import org.junit.jupiter.api.Test;

@OnBackend("simulated, in process")
final class InProcessFaultTest extends RegionFaultConformance {
    @Override
    protected RegionFixture startFixture() {
        return new InProcessFixture();
    }

    @Test
    @FaultCase("F57")
    void aBackupThatIsRestored() {
        RegionFixture.doesNotApply("a region in this process has no store that a backup could be made of");
    }
}
