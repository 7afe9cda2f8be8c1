package dev.spillway.trials.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

final class ExhibitsTest {
    private final Exhibits exhibits = Exhibits.load(URI.create("http://127.0.0.1:4711"));

    @Test
    void everyObjectCarriesTheLabelByWhichItIsRemoved() {
        assertThat(exhibits.all())
                .hasSize(6)
                .allSatisfy(object -> assertThat(object.at("/metadata/labels")
                                .path("spillway.dev/demo")
                                .asText())
                        .isEqualTo("true"));
    }

    @Test
    void regionsAreServedHereAndAdmitThePodsOfTheExamplesOnly() {
        assertThat(exhibits.regions()).hasSize(3).allSatisfy(region -> {
            assertThat(region.at("/spec/backend/endpoint").asText()).isEqualTo("http://127.0.0.1:4711");
            assertThat(region.at("/spec/allowedNamespaces").toString()).isEqualTo("[\"default\"]");
        });
    }

    @Test
    void everyRegionSellsAGpuModelOfItsOwn() {
        assertThat(exhibits.regions())
                .extracting(Exhibits::model)
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void restockingChangesTheRegionThatIsAppliedAndNotTheExample() {
        var region = exhibits.region("cn-hangzhou");

        assertThat(Exhibits.gpus(Exhibits.restocked(region, 7))).isEqualTo(7);
        assertThat(Exhibits.gpus(region)).isEqualTo(3);
    }

    @Test
    void thePolicyTriesItsRegionsInOrder() {
        assertThat(exhibits.regionsInOrder()).containsExactly("cn-hangzhou", "cn-shanghai");
    }
}
