package dev.spillway.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final PodUid UID = new PodUid("0f5b2f0e");
    private static final RegionId REGION = new RegionId("region-a");

    @Test
    void tokenIsTheSameAfterARestart() {
        // printf 'c1\n0f5b2f0e\nregion-a\n0' | sha256sum
        assertThat(Tokens.of("c1", UID, REGION, 0).value())
                .isEqualTo("48fa14d09fdd3286c0a6f8d3758cea29c540927cbf32672e1289393a830cd300");
    }

    @Test
    void eachPartMakesAnotherToken() {
        assertThat(java.util.Set.of(
                        Tokens.of("c1", UID, REGION, 0),
                        Tokens.of("c2", UID, REGION, 0),
                        Tokens.of("c1", new PodUid("x"), REGION, 0),
                        Tokens.of("c1", UID, new RegionId("region-b"), 0),
                        Tokens.of("c1", UID, REGION, 1)))
                .hasSize(5);
    }
}
