package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod that runs in the region: its status, its streams, its end. */
class RunningTest {
    private static final PodUid POD = new PodUid("uid-a");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final List<Instance> reports = new CopyOnWriteArrayList<>();
    private final ClusterRegionBackend backend = region.openHasty(DEADLINE);

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        backend.watch(reports::add, why -> {});
    }

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void theStatusIsTheNewestAndItsDetailChangesWithIt() {
        var id = running();
        var first = last(id);

        assertThat(backend.status(id))
                .hasValueSatisfying(status ->
                        assertThat(status).contains("\"phase\":\"Running\"").contains("\"restartCount\":0"));
        var status = HomePlay.object(
                "{\"containerStatuses\": [{\"name\": \"nginx\", \"image\": \"x\", \"imageID\": \"\","
                        + " \"ready\": false, \"restartCount\": 1, \"state\": {\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}}]}");
        region.play.patchStatus(pod(id), status);

        Await.until("a report", () -> last(id).detail() != first.detail());
        assertThat(backend.status(id))
                .hasValueSatisfying(
                        now -> assertThat(now).contains("CrashLoopBackOff").contains("\"image\":\"nginx:1.27\""));
    }

    @Test
    void theLastStatusOfAPodThatIsGoneStaysReadable() {
        var id = running();
        var status = backend.status(id);
        Await.until("its end", () -> backend.terminate(id) instanceof TerminateAnswer.Gone);
        Await.until("a report", () -> last(id).state() == Instance.State.GONE);

        assertThat(backend.status(id)).isPresent();
        assertThat(last(id).detail()).isNotZero();
        assertThat(status).isPresent();
        assertThat(backend.describe(id))
                .isInstanceOfSatisfying(
                        FindAnswer.Found.class,
                        found -> assertThat(found.instance().state()).isEqualTo(Instance.State.GONE));
    }

    @Test
    void nothingIsKnownOfWhatNeverWas() {
        assertThat(backend.status(new InstanceId("x"))).isEmpty();
        assertThat(backend.status(region.idThatNeverWas())).isEmpty();
    }

    @Test
    void aPodEndsWithTheGraceThatItHasAtHome() {
        region.play.endNothing(true);
        var id = running();
        List<String> deletions = new CopyOnWriteArrayList<>();
        region.script(call -> {
            if (call.method().equals("DELETE")) {
                deletions.add(
                        HomePlay.object(call.body()).path("gracePeriodSeconds").asText("own"));
            }
            return null;
        });

        assertThat(backend.terminate(id)).isEqualTo(new TerminateAnswer.Ending());
        homeDeletes(7);
        assertThat(backend.terminate(id)).isEqualTo(new TerminateAnswer.Ending());
        assertThat(backend.terminate(id)).isEqualTo(new TerminateAnswer.Ending());
        homeDeletes(0);
        assertThat(backend.terminate(id)).isEqualTo(new TerminateAnswer.Gone());

        assertThat(deletions).containsExactly("own", "7", "0");
    }

    private void homeDeletes(long grace) {
        region.home.change(
                "a",
                pod -> ((ObjectNode) pod.path("metadata"))
                        .put("deletionTimestamp", "2026-03-01T09:00:00Z")
                        .put("deletionGracePeriodSeconds", grace));
    }

    @Test
    void aPodOfAnotherUidIsNotTouched() {
        var id = running();
        var other = new InstanceId(id.value().replaceAll("/[^/]*$", "/0c1f6a1e-0000-4000-8000-000000000009"));

        assertThat(backend.terminate(other)).isEqualTo(new TerminateAnswer.Gone());
        assertThat(backend.describe(other)).isEqualTo(new FindAnswer.NotFound());
        assertThat(region.play.live()).isEqualTo(1);
    }

    @Test
    void aLogIsReadAsItComes() throws IOException {
        var id = running();
        region.script(call -> call.path().contains("/log")
                ? new Gateway.Answer(200, Map.of("Content-Type", "text/plain"), "asked " + call.path())
                : null);

        var answer = backend.open(
                id,
                POD,
                new StreamRequest(
                        Kind.LOG, "nginx", Map.of("tailLines", List.of("5"), "follow", List.of("true")), Map.of()));

        assertThat(answer).isInstanceOf(StreamAnswer.Opened.class);
        try (var stream = ((StreamAnswer.Opened) answer).stream()) {
            assertThat(stream.code()).isEqualTo(200);
            assertThat(new String(stream.in().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(
                            "asked /api/v1/namespaces/cluster-1-default/pods/a-0000000000/log?container=nginx&follow=true&tailLines=5");
        }
    }

    @Test
    void whatCannotBeOpenedIsRefusedWithACode() {
        var id = running();

        assertThat(open(new InstanceId("x"), Kind.LOG, Map.of())).isEqualTo(404);
        assertThat(open(region.idThatNeverWas(), Kind.LOG, Map.of())).isEqualTo(404);
        assertThat(backend.open(
                        id, new PodUid("uid-of-another"), new StreamRequest(Kind.LOG, "nginx", Map.of(), Map.of())))
                .isEqualTo(new StreamAnswer.Refused(404, "The region has no such pod."));
        assertThat(open(id, Kind.LOG, Map.of("command", List.of("sh")))).isEqualTo(400);
        assertThat(open(id, Kind.EXEC, Map.of("command", List.of("sh")))).isBetween(400, 599);
        region.script(call -> call.path().contains("/log")
                ? Gateway.Answer.status(400, "BadRequest", "container nginx in pod a is waiting to start")
                : null);
        assertThat(backend.open(id, POD, new StreamRequest(Kind.LOG, "nginx", Map.of(), Map.of())))
                .isEqualTo(new StreamAnswer.Refused(400, "container nginx in pod a is waiting to start"));
        region.gateway.tearDown();
        assertThat(open(id, Kind.LOG, Map.of())).isEqualTo(503);
    }

    private int open(InstanceId id, Kind kind, Map<String, List<String>> options) {
        var answer = backend.open(id, POD, new StreamRequest(kind, "nginx", options, Map.of()));
        assertThat(answer).isInstanceOf(StreamAnswer.Refused.class);
        return ((StreamAnswer.Refused) answer).code();
    }

    @Test
    void aWatchThatCannotGoOnSaysWhy() {
        List<String> troubles = new CopyOnWriteArrayList<>();
        backend.watch(report -> {}, troubles::add);
        region.script(
                call -> Gateway.Answer.status(
                        403,
                        "Forbidden",
                        "pods is forbidden: User \\\"x\\\" cannot list resource \\\"pods\\\" in API group \\\"\\\" at the cluster scope"));

        Await.until("trouble", () -> troubles.stream().anyMatch(why -> why.contains("cannot list resource \"pods\"")));
    }

    private InstanceId running() {
        var answer = backend.acquire(requestFor("a").build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        var id = ((AcquireAnswer.Accepted) answer).instance().id();
        Await.until(
                "running",
                () -> reports.stream()
                        .anyMatch(report -> report.id().equals(id) && report.state() == Instance.State.RUNNING));
        return id;
    }

    private Instance last(InstanceId id) {
        return reports.stream()
                .filter(report -> report.id().equals(id))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private JsonNode pod(InstanceId id) {
        return region.play.pods().stream()
                .filter(pod -> id.value().endsWith(pod.at("/metadata/uid").asText()))
                .findFirst()
                .orElseThrow();
    }
}
