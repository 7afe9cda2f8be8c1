package dev.spillway.clusterregion.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegionPodsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "0123456789abcdef".repeat(4);
    private static final PodId ID = new PodId("ns", "a-0123456789", "u-1");

    private final RegionPods pods = new RegionPods("cluster-1", new RegionId("region-b"));

    @Test
    void whatIsOlderThanWhatIsKnownIsOldNews() {
        pods.seen(pod(7, "Running"));

        assertThat(pods.seen(pod(6, "Pending"))).map(KnownPod::version).contains(7L);
        assertThat(state(pods.report(ID.instance()))).contains(Instance.State.RUNNING);
    }

    @Test
    void aPodWithoutANodeIsKnownAndNoInstance() {
        var pod = pod(7, "Pending");
        ((ObjectNode) pod.path("spec")).remove("nodeName");

        assertThat(pods.seen(pod)).map(KnownPod::isInstance).contains(false);
        assertThat(pods.report(ID.instance())).isEmpty();
        assertThat(pods.toTell(ID)).isEmpty();
        assertThat(pods.gone(ID, 8))
                .as("nobody is told of what never was an instance")
                .isEmpty();
    }

    @Test
    void eachVersionIsToldOnce() {
        pods.seen(pod(7, "Pending"));

        assertThat(pods.toTell(ID)).isPresent();
        assertThat(pods.toTell(ID)).isEmpty();
        pods.seen(pod(8, "Running"));
        assertThat(state(pods.toTell(ID))).contains(Instance.State.RUNNING);
    }

    @Test
    void aPodThatIsGoneDoesNotComeBackByALateRead() {
        pods.seen(pod(7, "Running"));

        assertThat(state(pods.gone(ID, 9))).contains(Instance.State.GONE);

        assertThat(pods.seen(pod(8, "Running"))).isEmpty();
        assertThat(pods.known(ID)).isNull();
        assertThat(state(pods.report(ID.instance()))).contains(Instance.State.GONE);
        assertThat(pods.gone(ID, 9)).isEmpty();
    }

    /** A store that was restored from a backup counts anew; whoever compares observations must not notice. */
    @Test
    void observationsRiseThoughVersionsGoBack() {
        pods.seen(pod(1_000, "Pending"));
        long before = pods.toTell(ID).orElseThrow().instance().observation();

        pods.setBack(1_000);
        pods.seen(pod(40, "Running"));

        var told = pods.toTell(ID).orElseThrow().instance();
        assertThat(told.state()).isEqualTo(Instance.State.RUNNING);
        assertThat(told.observation()).isGreaterThan(before);
    }

    /** A backup knows pods that have ended since. */
    @Test
    void whatHadEndedIsKnownAgainOnceVersionsHaveGoneBack() {
        pods.seen(pod(1_000, "Running"));
        pods.gone(ID, 1_001);

        pods.setBack(1_001);

        assertThat(pods.seen(pod(40, "Running"))).isPresent();
        assertThat(pods.toTell(ID).orElseThrow().instance().observation()).isGreaterThan(1_001);
    }

    /** The API concepts have it that versions of one object only rise, so that a later list cannot show an older one: only a restored store can. */
    @Test
    void aListOfAnOlderPodOrOfOneThatWasGoneContradicts() {
        pods.seen(pod(1_000, "Running"));

        assertThat(pods.isContradictedBy(List.of(pod(1_000, "Running")), 2_000)).isFalse();
        assertThat(pods.isContradictedBy(List.of(pod(1_500, "Running")), 2_000)).isFalse();
        assertThat(pods.isContradictedBy(List.of(pod(900, "Running")), 950))
                .as("a list that was read before")
                .isFalse();
        assertThat(pods.isContradictedBy(List.of(pod(900, "Running")), 2_000)).isTrue();

        pods.gone(ID, 1_001);
        assertThat(pods.isContradictedBy(List.of(), 2_000)).isFalse();
        assertThat(pods.isContradictedBy(List.of(pod(1_000, "Running")), 1_000))
                .as("a list that was read before")
                .isFalse();
        assertThat(pods.isContradictedBy(List.of(pod(1_000, "Running")), 2_000)).isTrue();
        pods.setBack(1_001);
        assertThat(pods.isContradictedBy(List.of(pod(1_000, "Running")), 2_000))
                .as("once that is known")
                .isFalse();
    }

    @Test
    void whoWaitsIsWokenByNewsAndByTheEnd() throws InterruptedException {
        pods.seen(pod(7, "Pending"));
        var waiter = Thread.ofVirtual().start(() -> awaitChange(7));
        pods.seen(pod(8, "Running"));
        assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();

        var another = Thread.ofVirtual().start(() -> awaitChange(8));
        pods.gone(ID, 9);
        assertThat(another.join(Duration.ofSeconds(10))).isTrue();
        pods.await(ID, 8, Duration.ofMinutes(1)); // known already
    }

    private void awaitChange(long version) {
        try {
            pods.await(ID, version, Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsNotOursOrCannotBeReadLeavesNoTrace() {
        var others = pod(7, "Running");
        ((ObjectNode) others.at("/metadata/labels")).put("spillway.dev/cluster", "cluster-2");
        var versionless = pod(7, "Running");
        ((ObjectNode) versionless.path("metadata")).put("resourceVersion", "x");
        var nameless = pod(7, "Running");
        ((ObjectNode) nameless.path("metadata")).put("uid", "../../etc");

        assertThat(pods.seen(others)).isEmpty();
        assertThat(pods.seen(versionless)).isEmpty();
        assertThat(pods.seen(nameless)).isEmpty();
        assertThat(pods.seen(JSON.nullNode())).isEmpty();
        assertThat(pods.all()).isEmpty();
    }

    private static Optional<Instance.State> state(Optional<PodReport> report) {
        return report.map(PodReport::instance).map(Instance::state);
    }

    private static JsonNode pod(long version, String phase) {
        try {
            var pod = (ObjectNode) JSON.readTree("""
                {"metadata": {"namespace": "ns", "name": "a-0123456789", "uid": "u-1", "resourceVersion": "%d",
                  "labels": {"spillway.dev/cluster": "cluster-1", "spillway.dev/pod-uid": "uid-a", "spillway.dev/token": "%s"}},
                 "spec": {"nodeName": "n"}, "status": {"phase": "%s"}}
                """.formatted(version, TOKEN.substring(0, 40), phase));
            var tags = JSON.createObjectNode()
                    .put("cluster", "cluster-1")
                    .put("podUid", "uid-a")
                    .put("namespace", "default")
                    .put("pod", "a")
                    .put("region", "region-b")
                    .put("zone", "z")
                    .put("computeClass", "gpu")
                    .put("computeQos", "default")
                    .put("generation", 1)
                    .put("unit", 1)
                    .put("incarnation", 0)
                    .put("token", TOKEN);
            pod.withObject("/metadata/annotations").put("spillway.dev/tags", tags.toString());
            return pod;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
