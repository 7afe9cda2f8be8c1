package dev.spillway.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Zone ids are unique over all Regions; one default (docs/region.md). */
class RegionDirectoryTest {
    private static Region region(String id, long created, boolean isDefault, String... zones) {
        return new Region(
                new RegionId(id),
                1,
                created,
                isDefault,
                List.of(zones).stream().map(ZoneId::new).toList(),
                List.of(),
                List.of("*"),
                false,
                10,
                new Region.Backend("Simulated", "", 1000));
    }

    @Test
    void olderClaimantKeepsTheZoneWhateverTheName() {
        var directory = new RegionDirectory();
        directory.put(region("b", 1, false, "z"), "");
        directory.put(region("a", 2, false, "z"), "");
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
        directory.put(region("a", 1, true, "x"), "");
        directory.put(region("b", 2, true, "y"), "");
        assertThat(directory.accepted(new RegionId("b"))).isNull();
        assertThat(directory.zonesOf(new RegionId("b"))).isEmpty();
    }

    @Test
    void zoneIsFreeAgainWhenItsRegionGoes() {
        var directory = new RegionDirectory();
        directory.put(region("a", 1, false, "z"), "");
        directory.put(region("b", 2, false, "z"), "");
        directory.remove(new RegionId("a"));
        assertThat(directory.zonesOf(new RegionId("b"))).hasSize(1);
    }
}
