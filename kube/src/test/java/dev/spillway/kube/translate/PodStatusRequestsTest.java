package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.assertJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodStatusRequestsTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");
    private static final Instant STARTED = Instant.parse("2026-01-02T03:00:00.5Z");
    private static final Instant FINISHED = Instant.parse("2026-01-02T03:02:00Z");

    private static ApiRequest only(Exchange<WriteAnswer> exchange) {
        var server = new ScriptedServer(ScriptedServer.OK);
        assertThat(server.drive(exchange)).isEqualTo(new WriteAnswer.Done());
        return server.only();
    }

    private static PodStatus status(Pod.Phase phase, int exitCode, String reason, String message) {
        boolean started = phase != Pod.Phase.PENDING;
        boolean ended = phase.isTerminal();
        return new PodStatus(
                phase,
                reason,
                message,
                started ? "10.0.0.7" : null,
                started ? "10.1.0.1" : null,
                started ? STARTED : null,
                ended ? FINISHED : null,
                exitCode,
                new PodStatus.Created(true, "Created", "instance i-1"),
                List.of(new Container("nginx", "nginx:1")));
    }

    private static Exchange<WriteAnswer> write(PodStatus status) {
        return ClusterRequests.write(new ClusterWrite.WriteStatus(POD, UID, status), NOW);
    }

    @Test
    void aStartingPodWaits() {
        var request = only(write(status(Pod.Phase.PENDING, 0, "", "")));

        assertThat(request.path()).isEqualTo("/api/v1/namespaces/shop/pods/web-1/status");
        assertThat(request.contentType()).isEqualTo("application/strategic-merge-patch+json");
        assertJson(request.body(), """
            {"metadata":{"uid":"u-1"},"status":{"phase":"Pending","reason":null,"message":null,
             "conditions":[
              {"type":"PodScheduled","status":"True","reason":null,"message":null},
              {"type":"Initialized","status":"True","lastTransitionTime":"2026-01-02T03:04:05Z","reason":null,"message":null},
              {"type":"Ready","status":"False","lastTransitionTime":"2026-01-02T03:04:05Z","reason":"ContainersNotReady","message":null},
              {"type":"ContainersReady","status":"False","lastTransitionTime":"2026-01-02T03:04:05Z","reason":"ContainersNotReady","message":null},
              {"type":"ContainerInstanceCreated","status":"True","lastTransitionTime":"2026-01-02T03:04:05Z","reason":"Created","message":"instance i-1"}],
             "containerStatuses":[{"name":"nginx","image":"nginx:1","imageID":"","restartCount":0,"ready":false,"started":false,
              "state":{"waiting":{"reason":"ContainerCreating"}}}]}}\
            """);
    }

    @Test
    void aRunningPodIsReadySinceItsContainersStarted() {
        var request = only(write(status(Pod.Phase.RUNNING, 0, "", "")));

        assertJson(request.body(), """
            {"metadata":{"uid":"u-1"},"status":{"phase":"Running","reason":null,"message":null,
             "podIP":"10.0.0.7","podIPs":[{"ip":"10.0.0.7"}],"hostIP":"10.1.0.1","hostIPs":[{"ip":"10.1.0.1"}],
             "startTime":"2026-01-02T03:00:00Z","conditions":[
              {"type":"PodScheduled","status":"True","reason":null,"message":null},
              {"type":"Initialized","status":"True","lastTransitionTime":"2026-01-02T03:00:00Z","reason":null,"message":null},
              {"type":"Ready","status":"True","lastTransitionTime":"2026-01-02T03:00:00Z","reason":null,"message":null},
              {"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-02T03:00:00Z","reason":null,"message":null},
              {"type":"ContainerInstanceCreated","status":"True","lastTransitionTime":"2026-01-02T03:00:00Z","reason":"Created","message":"instance i-1"}],
             "containerStatuses":[{"name":"nginx","image":"nginx:1","imageID":"nginx:1","restartCount":0,"ready":true,"started":true,
              "containerID":"spillway://u-1/nginx","state":{"running":{"startedAt":"2026-01-02T03:00:00Z"}}}]}}\
            """);
    }

    private static String terminated(PodStatus status) {
        var request = only(write(status));
        return Json.parse(request.body())
                .at("/status/containerStatuses/0/state/terminated")
                .toString();
    }

    @Test
    void anEndedPodSaysHowItsContainersEnded() {
        assertJson(terminated(status(Pod.Phase.SUCCEEDED, 0, "", "")), """
            {"exitCode":0,"reason":"Completed","startedAt":"2026-01-02T03:00:00Z","finishedAt":"2026-01-02T03:02:00Z",
             "containerID":"spillway://u-1/nginx"}\
            """);
        assertJson(terminated(status(Pod.Phase.FAILED, 3, "Error", "boom")), """
            {"exitCode":3,"reason":"Error","startedAt":"2026-01-02T03:00:00Z","finishedAt":"2026-01-02T03:02:00Z",
             "containerID":"spillway://u-1/nginx","message":"boom"}\
            """);
        assertJson(terminated(status(Pod.Phase.FAILED, 0, "InstanceLost", "")), """
            {"exitCode":137,"reason":"InstanceLost","startedAt":"2026-01-02T03:00:00Z",
             "finishedAt":"2026-01-02T03:02:00Z","containerID":"spillway://u-1/nginx"}\
            """);
    }

    @Test
    void aPodWithoutAnInstanceSaysWhyWhereKubectlShowsIt() {
        var status = new PodStatus(
                Pod.Phase.PENDING,
                "",
                "",
                null,
                null,
                null,
                null,
                0,
                new PodStatus.Created(false, "NoStock", "r1 is sold out"),
                List.of(new Container("nginx", "nginx:1")));

        var request = only(write(status));

        assertThat(Json.parse(request.body())
                        .at("/status/containerStatuses/0/state/waiting/reason")
                        .asText())
                .isEqualTo("NoStock");
    }

    @Test
    void anEndedPodIsNotReady() {
        var body = only(write(status(Pod.Phase.SUCCEEDED, 0, "", ""))).body();

        assertJson(Json.parse(body).at("/status/conditions/2").toString(), """
            {"type":"Ready","status":"False","reason":"PodCompleted","message":null,
             "lastTransitionTime":"2026-01-02T03:02:00Z"}\
            """);
    }

    @Test
    void writingTheSameStatusAgainChangesNothing() {
        var status = status(Pod.Phase.RUNNING, 0, "", "");

        var first = only(write(status));
        var later = only(ClusterRequests.write(new ClusterWrite.WriteStatus(POD, UID, status), NOW.plusSeconds(60)));

        assertThat(later).isEqualTo(first);
    }

    private static PodStatus withContainers(Pod.Phase phase, List<ContainerReport> reports, List<ReadinessGate> gates) {
        var plain = status(phase, 0, "", "");
        return new PodStatus(
                phase,
                "",
                "",
                plain.podIp(),
                plain.hostIp(),
                plain.startedAt(),
                plain.finishedAt(),
                0,
                plain.created(),
                List.of(
                        new Container("load", "busybox:1", Container.Role.INIT),
                        new Container("proxy", "envoy:1", Container.Role.SIDECAR),
                        new Container("nginx", "nginx:1")),
                reports,
                gates,
                null,
                null);
    }

    /** Of a pod that is read first, and shows nothing yet. */
    private static JsonNode writtenAfterARead(PodStatus status) {
        var server = new ScriptedServer(ScriptedServer.OK, ScriptedServer.OK);
        server.drive(write(status));
        assertThat(server.lines())
                .containsExactly(
                        "GET /api/v1/namespaces/shop/pods/web-1", "PATCH /api/v1/namespaces/shop/pods/web-1/status");
        return Json.parse(server.requests().getLast().body()).path("status");
    }

    private static JsonNode written(PodStatus status) {
        return Json.parse(only(write(status)).body()).path("status");
    }

    private static JsonNode condition(JsonNode status, String type) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void initContainersAndSidecarsHaveStatusesOfTheirOwn() {
        var running = written(withContainers(Pod.Phase.RUNNING, List.of(), List.of()));

        assertJson(running.path("initContainerStatuses").toString(), """
            [{"name":"load","image":"busybox:1","imageID":"busybox:1","restartCount":0,"ready":true,"started":false,
              "containerID":"spillway://u-1/load","state":{"terminated":{"exitCode":0,"reason":"Completed",
              "startedAt":"2026-01-02T03:00:00Z","finishedAt":"2026-01-02T03:00:00Z","containerID":"spillway://u-1/load"}}},
             {"name":"proxy","image":"envoy:1","imageID":"envoy:1","restartCount":0,"ready":true,"started":true,
              "containerID":"spillway://u-1/proxy","state":{"running":{"startedAt":"2026-01-02T03:00:00Z"}}}]\
            """);
        assertThat(running.path("containerStatuses").findValuesAsText("name")).containsExactly("nginx");
        assertThat(condition(running, "Ready").path("status").asText()).isEqualTo("True");
    }

    @Test
    void eachContainerIsShownAsItsOwnReportSays() {
        var status = writtenAfterARead(withContainers(
                Pod.Phase.PENDING,
                List.of(
                        ContainerReport.waiting("load").started(STARTED),
                        ContainerReport.waiting("proxy"),
                        ContainerReport.waiting("nginx")),
                List.of()));

        assertThat(status.at("/initContainerStatuses/0/state/running/startedAt").asText())
                .isEqualTo("2026-01-02T03:00:00Z");
        assertThat(status.at("/containerStatuses/0/state/waiting/reason").asText())
                .isEqualTo("PodInitializing");
        var initialized = condition(status, "Initialized");
        assertThat(initialized.path("status").asText()).isEqualTo("False");
        assertThat(initialized.path("reason").asText()).isEqualTo("ContainersNotInitialized");
        assertThat(initialized.path("message").asText()).isEqualTo("containers with incomplete status: [load proxy]");
    }

    @Test
    void aPodIsReadyOnlyWhenEveryGateIsMet() {
        var unmet = writtenAfterARead(withContainers(
                Pod.Phase.RUNNING,
                List.of(),
                List.of(
                        new ReadinessGate("lb/a", ""),
                        new ReadinessGate("lb/b", "False"),
                        new ReadinessGate("lb/c", "True"))));
        var met = writtenAfterARead(
                withContainers(Pod.Phase.RUNNING, List.of(), List.of(new ReadinessGate("lb/a", "True"))));

        var ready = condition(unmet, "Ready");
        assertThat(ready.path("status").asText()).isEqualTo("False");
        assertThat(ready.path("reason").asText()).isEqualTo("ReadinessGatesNotReady");
        assertThat(ready.path("message").asText())
                .isEqualTo("corresponding condition of pod readiness gate \"lb/a\" does not exist., "
                        + "the status of pod readiness gate \"lb/b\" is not \"True\", but False");
        assertThat(condition(unmet, "ContainersReady").path("status").asText()).isEqualTo("True");
        assertThat(condition(unmet, "lb/a").isMissingNode())
                .as("others write it")
                .isTrue();
        assertThat(condition(met, "Ready").path("status").asText()).isEqualTo("True");
    }

    @Test
    void aDisruptionIsSaidInTheWriteThatFailsThePod() {
        var status = written(status(Pod.Phase.FAILED, 137, "SpotReclaimed", "").disrupted("SpotReclaimed: gone"));

        var disruption = condition(status, "DisruptionTarget");
        assertThat(status.path("phase").asText()).isEqualTo("Failed");
        assertThat(disruption.path("status").asText()).isEqualTo("True");
        assertThat(disruption.path("reason").asText()).isEqualTo("TerminationByKubelet");
        assertThat(disruption.path("message").asText()).isEqualTo("SpotReclaimed: gone");
    }

    @Test
    void aFinalStatusThatKnowsNothingOfTheContainersKeepsWhatWasKnown() {
        var lost = new PodStatus(
                Pod.Phase.FAILED,
                "InstanceLost",
                "",
                null,
                null,
                null,
                null,
                137,
                new PodStatus.Created(false, "InstanceLost", ""),
                List.of(new Container("nginx", "nginx:1")));
        var before = ApiResponse.of(200, """
            {"status":{"containerStatuses":[{"name":"nginx","imageID":"nginx:1","restartCount":2,
             "containerID":"spillway://u-1/nginx","state":{"running":{"startedAt":"2026-01-02T03:00:00Z"}}}]}}\
            """);
        var server = new ScriptedServer(before, ScriptedServer.OK);

        server.drive(write(lost));

        var container = Json.parse(server.requests().getLast().body()).at("/status/containerStatuses/0");
        assertJson(container.toString(), """
            {"name":"nginx","image":"nginx:1","imageID":"nginx:1","restartCount":2,"ready":false,"started":false,
             "containerID":"spillway://u-1/nginx","state":{"terminated":{"exitCode":137,"reason":"Error",
             "startedAt":"2026-01-02T03:00:00Z","finishedAt":"2026-01-02T03:04:05Z","containerID":"spillway://u-1/nginx"}}}\
            """);
    }
}
