package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.doctor.Diagnosis.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegionsCheckTest {
    @TempDir
    private Path folder = Path.of("");

    private final HomeCluster home = new HomeCluster();

    @AfterEach
    void stop() {
        home.close();
    }

    private List<Diagnosis> look() throws IOException {
        try (var cluster = home.open(folder)) {
            return new RegionsCheck(new Home(cluster)).look();
        }
    }

    private ObjectNode judged(String name, String type, String reason, String message) {
        var region = home.region(name, "Kubernetes");
        region.withObject("/status").putArray("conditions");
        HomeCluster.condition(region, type, "False", reason, message);
        return region;
    }

    @Test
    void eachRegionHasItsLine() throws IOException {
        home.region("a", "Simulated");
        judged("b", "Reachable", "Unauthorised", "the region's API server does not accept the credentials\n(401)");
        judged("c", "Accepted", "Invalid", "zone z is region a's");
        home.region("d", "Kubernetes").withObject("/spec").put("lost", true);
        home.region("e", "Kubernetes").remove("status");
        home.region("f", "Kubernetes").withObject("/metadata").put("generation", 3);

        var found = look();

        assertThat(found)
                .extracting(Diagnosis::subject)
                .containsExactly("Region a", "Region b", "Region c", "Region d", "Region e", "Region f");
        assertThat(found)
                .extracting(Diagnosis::verdict)
                .containsExactly(
                        Verdict.FINE,
                        Verdict.TROUBLE,
                        Verdict.TROUBLE,
                        Verdict.WORTH_KNOWING,
                        Verdict.WORTH_KNOWING,
                        Verdict.WORTH_KNOWING);
        assertThat(found.get(1).what())
                .isEqualTo("not reachable since 2026-11-30T10:00:00Z (Unauthorised): the region's API server does not"
                        + " accept the credentials (401)");
        assertThat(found.get(2).what()).contains("not accepted", "zone z is region a's");
        assertThat(found.get(4).remedy()).contains("controller");
        assertThat(found.get(5).what()).contains("generation 3");
    }

    /** What the controller said of an earlier edit says nothing of this one, good or bad. */
    @Test
    void aStatusThatIsOlderThanTheNewestEditIsSaidToBe() throws IOException {
        home.region("a", "Kubernetes").withObject("/metadata").put("generation", 5);
        judged("b", "Reachable", "Unauthorised", "the credentials are not accepted")
                .withObject("/metadata")
                .put("generation", 3);
        var lost = home.region("c", "Kubernetes");
        lost.withObject("/spec").put("lost", true);
        lost.withObject("/metadata").put("generation", 3);

        var found = look();

        assertThat(found).extracting(Diagnosis::verdict).containsOnly(Verdict.WORTH_KNOWING);
        assertThat(found.get(0).what())
                .isEqualTo("its newest edit (generation 5) has not been looked at yet; of generation 2 it was said:"
                        + " reachable since 2026-11-30T10:00:00Z, instances: 4");
        assertThat(found.get(1).what())
                .contains("generation 3", "of generation 2 it was said: not reachable", "(Unauthorised)");
        assertThat(found.get(2).what()).contains("its newest edit (generation 3) has not been looked at yet");
    }
}
