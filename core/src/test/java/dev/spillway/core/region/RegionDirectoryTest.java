package dev.spillway.core.region;

import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.RegionId;
import org.junit.jupiter.api.Test;

/** Zone ids are unique over all Regions; one default (docs/region.md). */
class RegionDirectoryTest {
    @Test
    void olderClaimantKeepsTheZoneWhateverTheName() {
        var directory = new RegionDirectory();
        directory.put(aRegion("b").created(1).zones("z").build(), "");
        directory.put(aRegion("a").created(2).zones("z").build(), "");
        assertThat(directory.accepted(new RegionId("b"))).isNotNull();
        var second = directory.get(new RegionId("a"));
        assertThat(second)
                .extracting(RegionDirectory.Entry::problem)
                .asString()
                .contains("Zone 'z' belongs to region 'b' already");
    }

    @Test
    void secondDefaultIsNotAccepted() {
        var directory = new RegionDirectory();
        directory.put(aRegion("a").created(1).asDefault().zones("x").build(), "");
        directory.put(aRegion("b").created(2).asDefault().zones("y").build(), "");
        assertThat(directory.accepted(new RegionId("b"))).isNull();
        assertThat(directory.zonesOf(new RegionId("b"))).isEmpty();
    }

    @Test
    void zoneIsFreeAgainWhenItsRegionGoes() {
        var directory = new RegionDirectory();
        directory.put(aRegion("a").created(1).zones("z").build(), "");
        directory.put(aRegion("b").created(2).zones("z").build(), "");
        directory.remove(new RegionId("a"));
        assertThat(directory.zonesOf(new RegionId("b"))).hasSize(1);
    }
}
