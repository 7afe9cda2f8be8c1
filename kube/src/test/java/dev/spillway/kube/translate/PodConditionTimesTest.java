package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A condition's {@code lastTransitionTime} moves where its status changes, and only there, however often it is written. */
final class PodConditionTimesTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final Instant STARTED = Instant.parse("2026-01-02T03:00:00Z");
    private static final List<ContainerReport> ALL_RUN = List.of(runs("proxy"), runs("nginx"));

    private final ObjectNode pod = Json.ofUid("u-1"); // as the server has it
    private final List<String> requests = new ArrayList<>();

    private static ContainerReport runs(String name) {
        return ContainerReport.waiting(name).started(STARTED);
    }

    private static PodStatus status(Pod.Phase phase, List<ContainerReport> reports, ReadinessGate... gates) {
        return new PodStatus(
                phase,
                "",
                "",
                null,
                null,
                phase == Pod.Phase.PENDING ? null : STARTED,
                phase.isTerminal() ? STARTED.plusSeconds(300) : null,
                0,
                new PodStatus.Created(true, "Created", ""),
                List.of(
                        new Container("load", "busybox:1", Container.Role.INIT),
                        new Container("proxy", "envoy:1", Container.Role.SIDECAR),
                        new Container("nginx", "nginx:1")),
                reports,
                List.of(gates),
                null,
                null);
    }

    private static ReadinessGate gate(String status) {
        return new ReadinessGate("lb/a", status);
    }

    /** Writes the status so long after the start, and gives the pod's conditions after that. */
    private JsonNode write(PodStatus status, int seconds) {
        var step = ClusterRequests.write(new ClusterWrite.WriteStatus(POD, UID, status), STARTED.plusSeconds(seconds));
        while (step instanceof Exchange.Ask<WriteAnswer> ask) {
            step = ask.then().apply(answer(ask.request()));
        }
        return pod.at("/status/conditions");
    }

    private ApiResponse answer(ApiRequest request) {
        requests.add(request.method());
        if (request.method().equals("PATCH")) {
            merge(Json.parse(request.body()).at("/status/conditions"));
        }
        return ApiResponse.of(200, pod.toString());
    }

    /** As a strategic merge patch: by type. */
    private void merge(JsonNode patch) {
        var conditions = pod.withArray("/status/conditions");
        for (var condition : patch) {
            var before = find(conditions, condition.path("type").asText());
            if (before instanceof ObjectNode json) {
                json.setAll((ObjectNode) condition);
            } else {
                conditions.add(condition);
            }
        }
    }

    private static JsonNode find(JsonNode conditions, String type) {
        for (var condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return Json.parse("");
    }

    /** Status and time of a condition, {@code "False 03:00:10"} for instance. */
    private static String told(JsonNode conditions, String type) {
        var condition = find(conditions, type);
        return condition.path("status").asText() + " "
                + condition.path("lastTransitionTime").asText().substring(11, 19);
    }

    @Test
    void aPodWithReadinessGatesIsUnreadyAndReadySinceThatChanged() {
        assertThat(told(write(status(Pod.Phase.RUNNING, ALL_RUN, gate("")), 10), "Ready"))
                .isEqualTo("False 03:00:10");
        assertThat(told(write(status(Pod.Phase.RUNNING, ALL_RUN, gate("False")), 20), "Ready"))
                .isEqualTo("False 03:00:10");
        assertThat(told(write(status(Pod.Phase.RUNNING, ALL_RUN, gate("True")), 30), "Ready"))
                .isEqualTo("True 03:00:30");
        assertThat(told(write(status(Pod.Phase.RUNNING, ALL_RUN, gate("True")), 40), "Ready"))
                .isEqualTo("True 03:00:30");
    }

    @Test
    void aPodWithAnUnreadyContainerIsUnreadySinceItBecameSo() {
        var oneRuns = List.of(ContainerReport.waiting("proxy"), runs("nginx"));
        var oneEnded = List.of(runs("proxy").ended(STARTED.plusSeconds(15), 1, "Error"), runs("nginx"));

        write(status(Pod.Phase.RUNNING, oneRuns), 10);
        var conditions = write(status(Pod.Phase.RUNNING, oneEnded), 20);

        assertThat(told(conditions, "Ready")).isEqualTo("False 03:00:10");
        assertThat(told(conditions, "ContainersReady")).isEqualTo("False 03:00:10");
    }

    @Test
    void aPodThatIsBeingInitializedIsUnreadySinceItWasFirstSaidToBe() {
        var more = List.of(runs("load").ended(STARTED.plusSeconds(15), 0, "Completed"), runs("proxy"));

        write(status(Pod.Phase.PENDING, List.of(runs("load"))), 10);
        var conditions = write(status(Pod.Phase.PENDING, more), 20);

        assertThat(told(conditions, "Ready")).isEqualTo("False 03:00:10");
        assertThat(told(conditions, "Initialized")).isEqualTo("True 03:00:20");
        assertThat(told(write(status(Pod.Phase.PENDING, more), 30), "Initialized"))
                .isEqualTo("True 03:00:20");
    }

    @Test
    void aPodThatEndsUnreadyWasSoBefore() {
        write(status(Pod.Phase.RUNNING, ALL_RUN, gate("")), 10);

        var conditions = write(status(Pod.Phase.SUCCEEDED, ALL_RUN, gate("")), 400);

        assertThat(told(conditions, "Ready")).isEqualTo("False 03:00:10");
        assertThat(told(conditions, "ContainersReady")).isEqualTo("False 03:05:00");
        assertThat(find(conditions, "Ready").path("reason").asText()).isEqualTo("PodCompleted");
    }

    @Test
    void whatOthersWriteStaysAsItIs() {
        var theirs =
                "{\"type\":\"lb/a\",\"status\":\"False\",\"reason\":\"Registering\",\"lastTransitionTime\":\"2026-01-02T02:59:00Z\"}";
        pod.withArray("/status/conditions").add(Json.parse(theirs));

        var conditions = write(status(Pod.Phase.RUNNING, ALL_RUN, gate("False")), 10);

        assertThat(find(conditions, "lb/a")).isEqualTo(Json.parse(theirs));
        assertThat(told(conditions, "Ready")).isEqualTo("False 03:00:10");
    }

    @Test
    void thePodIsReadOnlyWhereItsTimesAreNotTheInstancesOwn() {
        write(status(Pod.Phase.PENDING, List.of()), 10);
        write(status(Pod.Phase.RUNNING, ALL_RUN), 20);
        assertThat(requests).containsExactly("PATCH", "PATCH");

        write(status(Pod.Phase.RUNNING, ALL_RUN, gate("")), 30);

        assertThat(requests).containsExactly("PATCH", "PATCH", "GET", "PATCH");
    }

    @Test
    void ofAPodThatCannotBeReadNothingIsWritten() {
        var server = new ScriptedServer(ScriptedServer.status(503, "ServiceUnavailable", "starting"));

        var answer = server.drive(ClusterRequests.write(
                new ClusterWrite.WriteStatus(POD, UID, status(Pod.Phase.RUNNING, ALL_RUN, gate(""))), STARTED));

        assertThat(answer).isInstanceOf(WriteAnswer.Unknown.class);
        assertThat(server.only().method()).isEqualTo("GET");
    }
}
