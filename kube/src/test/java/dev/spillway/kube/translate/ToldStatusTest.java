package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a region's own kubelet says of a pod reaches the home pod, and nothing that is not its to say. */
final class ToldStatusTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final Instant STARTED = Instant.parse("2026-11-30T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-30T10:05:00Z");

    // As a kubelet writes it for a pod whose only container crashes again and again (kubelet 1.37, shortened).
    private static final String CRASHING = """
            {"phase":"Running","podIP":"10.1.0.7","podIPs":[{"ip":"10.1.0.7"}],"hostIP":"10.0.0.3","startTime":"2026-11-30T10:00:01Z",
             "conditions":[
               {"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-30T10:00:00Z"},
               {"type":"Initialized","status":"True","lastTransitionTime":"2026-11-30T10:00:02Z"},
               {"type":"Ready","status":"False","reason":"ContainersNotReady","message":"containers with unready status: [nginx]",
                "lastTransitionTime":"2026-11-30T10:04:00Z"},
               {"type":"example.com/route","status":"True","lastTransitionTime":"2026-11-30T10:00:02Z"}],
             "containerStatuses":[{"name":"nginx","restartCount":3,"ready":false,"started":false,"image":"nginx:1","imageID":"x",
               "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},
               "lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}""";

    private static JsonNode written(PodStatus status, String told) {
        var server = new ScriptedServer(ScriptedServer.OK);
        server.drive(ClusterRequests.writeStatus(new ClusterWrite.WriteStatus(POD, UID, status), told, NOW));
        assertThat(server.lines()).containsExactly("PATCH /api/v1/namespaces/shop/pods/web-1/status");
        return Json.parse(server.requests().getFirst().body()).path("status");
    }

    private static PodStatus running(ReadinessGate... gates) {
        return new PodStatus(
                Pod.Phase.RUNNING,
                "",
                "",
                "10.1.0.6",
                null,
                STARTED,
                null,
                0,
                new PodStatus.Created(true, "Created", ""),
                List.of(new Container("nginx", "nginx:1")),
                List.of(),
                List.of(gates),
                new InstanceKey(new RegionId("cn-hangzhou"), new InstanceId("i-1")),
                null);
    }

    private static JsonNode condition(JsonNode status, String type) {
        var found = Json.array();
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                found.add(condition);
            }
        }
        assertThat(found.size()).as(type).isLessThanOrEqualTo(1);
        return found.path(0);
    }

    @Test
    void restartsAndWhatKeepsAContainerFromRunningAreShownAsThere() {
        var status = written(running(), CRASHING);

        var container = status.path("containerStatuses").path(0);
        assertThat(container.path("restartCount").asInt()).isEqualTo(3);
        assertThat(container.at("/state/waiting/reason").asText()).isEqualTo("CrashLoopBackOff");
        assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(1);
        assertThat(condition(status, "Ready").path("status").asText()).isEqualTo("False");
        assertThat(condition(status, "Ready").path("lastTransitionTime").asText())
                .isEqualTo("2026-11-30T10:04:00Z");
        assertThat(status.path("phase").asText()).isEqualTo("Running");
    }

    @Test
    void aResizeIsShownForAsLongAsItGoesOn() {
        var resizing = CRASHING.replace("\"conditions\":[", """
                "conditions":[{"type":"PodResizePending","status":"True","reason":"Deferred","message":"Node didn't have enough resource: cpu"},
                """);

        assertThat(condition(written(running(), resizing), "PodResizePending")
                        .path("reason")
                        .asText())
                .isEqualTo("Deferred");
        assertThat(condition(written(running(), CRASHING), "PodResizePending"))
                .hasToString("{\"type\":\"PodResizePending\",\"$patch\":\"delete\"}");
        assertThat(condition(written(running(), resizing), "PodResizeInProgress")
                        .path("$patch")
                        .asText())
                .isEqualTo("delete");
    }

    @Test
    void theGenerationThatWasSeenIsSaidOfEveryConditionAsAKubeletDoes() {
        var seen = CRASHING.replace("{\"phase\":\"Running\"", "{\"phase\":\"Running\",\"observedGeneration\":3")
                .replace("\"type\":\"Ready\"", "\"type\":\"Ready\",\"observedGeneration\":3");

        var status = written(running(), seen);

        assertThat(status.path("observedGeneration").asInt()).isEqualTo(3);
        assertThat(condition(status, "Ready").path("observedGeneration").asInt())
                .isEqualTo(3);
        assertThat(condition(status, "PodScheduled").path("observedGeneration").asInt())
                .isEqualTo(3);
        assertThat(written(running(), CRASHING).has("observedGeneration")).isFalse();
    }

    @Test
    void anEarlierAddressDoesNotStay() {
        var addresses = written(running(), CRASHING).path("podIPs");

        assertThat(addresses.path(0).path("ip").asText()).isEqualTo("10.1.0.7");
        assertThat(addresses.findValuesAsText("$patch")).containsExactly("replace");
    }

    @Test
    void conditionsOfTheHomeClustersOwnPartiesStayTheirs() {
        var status = written(running(new ReadinessGate("example.com/route", "False")), CRASHING);

        assertThat(condition(status, "example.com/route").isMissingNode())
                .as("a readiness gate is met at home, by whoever meets it there")
                .isTrue();
        assertThat(condition(status, "PodScheduled").has("lastTransitionTime")).isFalse();
        assertThat(condition(status, "ContainerInstanceCreated").path("status").asText())
                .isEqualTo("True");
    }

    @Test
    void aPodIsReadyWhenItsContainersAreAndItsGatesAreMetAtHome() {
        var ready = CRASHING.replace("\"Ready\",\"status\":\"False\"", "\"Ready\",\"status\":\"True\"");

        var unmet = condition(written(running(new ReadinessGate("example.com/route", "False")), ready), "Ready");
        var met = condition(written(running(new ReadinessGate("example.com/route", "True")), ready), "Ready");

        assertThat(unmet.path("status").asText()).isEqualTo("False");
        assertThat(unmet.path("reason").asText()).isEqualTo("ReadinessGatesNotReady");
        assertThat(met.path("status").asText()).isEqualTo("True");
    }
}
