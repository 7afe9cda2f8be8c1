package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.NOT_FOUND;
import static dev.spillway.kube.translate.ScriptedServer.OK;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Taint;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeRequestsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final String PATH = "/api/v1/nodes/virtual-kubelet-z1";
    private static final String LEASE =
            "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/virtual-kubelet-z1";

    private static VirtualNode node(boolean unschedulable, boolean reachable) {
        return new VirtualNode(
                new NodeName("virtual-kubelet-z1"),
                new RegionId("r1"),
                new ZoneId("z1"),
                Labels.of("type", "virtual-kubelet", "topology.kubernetes.io/zone", "z1"),
                List.of(new Taint("virtual-kubelet.io/provider", "alibabacloud", "NoSchedule")),
                1000,
                new Resources(64_000, 1L << 40, 16),
                unschedulable,
                reachable,
                reachable ? "" : "no answer since 03:00");
    }

    private static JsonNode created(VirtualNode node) {
        var server = new ScriptedServer(NOT_FOUND, ApiResponse.of(201, "{}"));
        assertThat(server.drive(NodeRequests.put(node, KubeletEndpoint.NONE, NOW)))
                .isEqualTo(new WriteAnswer.Done());
        assertThat(server.lines()).containsExactly("GET " + PATH, "POST /api/v1/nodes");
        return Json.parse(server.requests().getLast().body());
    }

    /** The node as the API server and its controllers have it after it was created. */
    private static ObjectNode stored(VirtualNode node) {
        var stored = (ObjectNode) created(node);
        stored.withObject("/metadata").put("resourceVersion", "77").put("uid", "node-uid");
        stored.withObject("/metadata/labels").put("somebody.else/label", "x");
        return stored;
    }

    private static JsonNode condition(JsonNode node, String type) {
        for (var condition : node.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError("no condition " + type);
    }

    @Test
    void aNewNodeComesWithItsStatus() {
        var json = created(node(false, true));

        assertThat(json.at("/metadata/labels/type").asText()).isEqualTo("virtual-kubelet");
        assertThat(json.at("/spec/taints").toString())
                .isEqualTo(
                        "[{\"key\":\"virtual-kubelet.io/provider\",\"value\":\"alibabacloud\",\"effect\":\"NoSchedule\"}]");
        assertThat(json.at("/status/capacity").toString())
                .isEqualTo(
                        "{\"cpu\":\"64000m\",\"memory\":\"1099511627776\",\"nvidia.com/gpu\":\"16\",\"pods\":\"1000\"}");
        assertThat(json.at("/status/allocatable")).isEqualTo(json.at("/status/capacity"));
        assertThat(condition(json, "Ready").path("status").asText()).isEqualTo("True");
        assertThat(condition(json, "RegionReachable").path("status").asText()).isEqualTo("True");
        assertThat(condition(json, "DiskPressure").path("status").asText()).isEqualTo("False");
        assertThat(json.at("/status/nodeInfo/kubeletVersion").asText()).contains("spillway");
        assertThat(json.at("/spec/unschedulable").isMissingNode()).isTrue();
    }

    @Test
    void whereTheKubeletIsServedItsAddressIsTheOnlyOne() {
        var server =
                new ScriptedServer(ApiResponse.of(200, stored(node(false, true)).toString()), OK);

        server.drive(NodeRequests.put(node(false, true), new KubeletEndpoint("10.0.0.9", 10250, false), LATER));

        var status = Json.parse(server.requests().getLast().body()).path("status");
        assertThat(status.at("/daemonEndpoints/kubeletEndpoint/Port").asInt()).isEqualTo(10250);
        assertThat(status.path("addresses").toString())
                .as("an API server asks the host name first, which does not resolve")
                .isEqualTo(
                        "[{\"type\":\"InternalIP\",\"address\":\"10.0.0.9\"},{\"$patch\":\"delete\",\"type\":\"Hostname\"}]");
    }

    @Test
    void aNodeDeclaresTheProtocolOfStreamsThatIsServedAndTakesThatBack() {
        var server =
                new ScriptedServer(ApiResponse.of(200, stored(node(false, true)).toString()), OK);
        server.drive(NodeRequests.put(node(false, true), new KubeletEndpoint("10.0.0.9", 10250, true), LATER));
        var status = Json.parse(server.requests().getLast().body()).path("status");
        assertThat(status.path("declaredFeatures").toString()).isEqualTo("[\"ExtendWebSocketsToKubelet\"]");

        var stored = stored(node(false, true));
        stored.withObject("/status").putArray("declaredFeatures").add("ExtendWebSocketsToKubelet");
        var after = new ScriptedServer(ApiResponse.of(200, stored.toString()), OK);
        after.drive(NodeRequests.put(node(false, true), KubeletEndpoint.NONE, LATER));
        assertThat(Json.parse(after.requests().getLast().body())
                        .at("/status/declaredFeatures")
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void anUnchangedNodeOnlyGetsItsStatus() {
        var server =
                new ScriptedServer(ApiResponse.of(200, stored(node(false, true)).toString()), OK);

        server.drive(NodeRequests.put(node(false, true), KubeletEndpoint.NONE, LATER));

        assertThat(server.lines()).containsExactly("GET " + PATH, "PATCH " + PATH + "/status");
    }

    /** What a change of the node sends to it, beside its status. */
    private static JsonNode change(ObjectNode stored, VirtualNode desired) {
        var server = new ScriptedServer(ApiResponse.of(200, stored.toString()), OK, OK);
        server.drive(NodeRequests.put(desired, KubeletEndpoint.NONE, LATER));
        assertThat(server.lines()).containsExactly("GET " + PATH, "PATCH " + PATH, "PATCH " + PATH + "/status");
        return Json.parse(server.requests().get(1).body());
    }

    private static void leavesAlone(ObjectNode stored, VirtualNode desired) {
        var server = new ScriptedServer(ApiResponse.of(200, stored.toString()), OK);
        server.drive(NodeRequests.put(desired, KubeletEndpoint.NONE, LATER));
        assertThat(server.lines()).containsExactly("GET " + PATH, "PATCH " + PATH + "/status");
    }

    /** The node as it is after a merge patch of spec and annotations. */
    private static ObjectNode after(ObjectNode stored, JsonNode patch) {
        var next = stored.deepCopy();
        patch.path("spec")
                .properties()
                .forEach(field -> next.withObject("/spec").set(field.getKey(), field.getValue()));
        patch.path("metadata").path("annotations").properties().forEach(field -> {
            if (field.getValue().isNull()) {
                next.withObject("/metadata/annotations").remove(field.getKey());
            } else {
                next.withObject("/metadata/annotations").set(field.getKey(), field.getValue());
            }
        });
        return next;
    }

    private static void taint(ObjectNode stored, String key, String effect) {
        stored.withArray("/spec/taints").addObject().put("key", key).put("effect", effect);
    }

    private static VirtualNode retired() {
        var node = node(true, true);
        return new VirtualNode(
                node.name(),
                node.region(),
                node.zone(),
                node.labels(),
                List.of(Names.PROVIDER_TAINT, Names.RETIRED_TAINT),
                node.maxPods(),
                node.capacity(),
                true,
                true,
                "");
    }

    @Test
    void taintsOfOthersStayWhenOursCome() {
        var stored = stored(node(false, true));
        taint(stored, "node.kubernetes.io/not-ready", "NoSchedule");
        taint(stored, "team.example/reserved", "NoExecute");
        taint(stored, "virtual-kubelet.io/provider", "NoExecute");

        var patch = change(stored, retired());

        assertThat(patch.at("/spec/taints").findValuesAsText("key"))
                .containsExactly(
                        "virtual-kubelet.io/provider",
                        "spillway.dev/retired",
                        "node.kubernetes.io/not-ready",
                        "team.example/reserved",
                        "virtual-kubelet.io/provider");
        assertThat(patch.at("/spec/unschedulable").asBoolean()).isTrue();
        assertThat(patch.at("/metadata/resourceVersion").asText()).isEqualTo("77");
    }

    @Test
    void whatAPersonSetOnANodeStaysThroughEditsAndRestarts() {
        var stored = stored(node(false, true));
        taint(stored, "team.example/reserved", "NoSchedule");
        stored.withObject("/spec").put("unschedulable", true);
        stored.withObject("/metadata/annotations").put("team.example/note", "broken rack");

        leavesAlone(stored, node(false, false));
    }

    @Test
    void ourOwnCordonIsTakenBackWithOurTaint() {
        var stored = stored(node(false, true));
        var cordoned = after(stored, change(stored, retired()));

        var patch = change(cordoned, node(false, true));

        assertThat(patch.at("/spec/unschedulable").asBoolean(true)).isFalse();
        assertThat(patch.at("/spec/taints").findValuesAsText("key")).containsExactly("virtual-kubelet.io/provider");
        assertThat(after(cordoned, patch).at("/metadata/annotations")).isEmpty();
    }

    @Test
    void aCordonThatWasThereBeforeOursOutlastsIt() {
        var stored = stored(node(false, true));
        stored.withObject("/spec").put("unschedulable", true);

        leavesAlone(stored, node(true, true));
        leavesAlone(stored, node(false, true));
    }

    @Test
    void aNodeThatIsMadeOutOfUseIsCordonedByUs() {
        var made = stored(node(true, true));

        var patch = change(made, node(false, true));

        assertThat(patch.at("/spec/unschedulable").asBoolean(true)).isFalse();
    }

    @Test
    void aConditionKeepsItsTimeWhileItsStatusDoes() {
        var server =
                new ScriptedServer(ApiResponse.of(200, stored(node(false, true)).toString()), OK);

        server.drive(NodeRequests.put(node(false, false), KubeletEndpoint.NONE, LATER));

        var patch = Json.parse(server.requests().getLast().body());
        assertThat(condition(patch, "Ready").path("lastTransitionTime").asText())
                .isEqualTo("2026-01-02T03:04:05Z");
        assertThat(condition(patch, "Ready").path("lastHeartbeatTime").asText()).isEqualTo("2026-01-02T03:14:05Z");
        var reachable = condition(patch, "RegionReachable");
        assertThat(reachable.path("status").asText()).isEqualTo("False");
        assertThat(reachable.path("message").asText()).isEqualTo("no answer since 03:00");
        assertThat(reachable.path("lastTransitionTime").asText()).isEqualTo("2026-01-02T03:14:05Z");
    }

    @Test
    void aRealNodeOfThatNameIsLeftAlone() {
        var server = new ScriptedServer(ApiResponse.of(200, """
            {"metadata":{"name":"virtual-kubelet-z1","labels":{"kubernetes.io/os":"linux"}}}\
            """));

        var answer = server.drive(NodeRequests.put(node(false, true), KubeletEndpoint.NONE, NOW));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        WriteAnswer.Refused.class,
                        refused -> assertThat(refused.message()).contains("virtual-kubelet-z1", "not a virtual node"));
    }

    @Test
    void aWriteInBetweenIsAConflict() {
        var server = new ScriptedServer(
                ApiResponse.of(200, stored(node(false, true)).toString()),
                ScriptedServer.status(409, "Conflict", "the object has been modified"));

        var answer = server.drive(NodeRequests.put(node(true, true), KubeletEndpoint.NONE, NOW));

        assertThat(answer).isInstanceOf(WriteAnswer.Conflict.class);
    }

    @Test
    void aLeaseIsRenewedByOneRequest() {
        var server = new ScriptedServer(OK);

        server.drive(NodeRequests.renewLease(new NodeName("virtual-kubelet-z1"), NOW));

        assertThat(server.lines()).containsExactly("PATCH " + LEASE);
        assertThat(server.only().body())
                .isEqualTo(
                        "{\"spec\":{\"holderIdentity\":\"virtual-kubelet-z1\",\"leaseDurationSeconds\":40,\"renewTime\":\"2026-01-02T03:04:05.678901Z\"}}");
    }

    @Test
    void aMissingLeaseIsMadeAndBelongsToTheNode() {
        var server = new ScriptedServer(
                NOT_FOUND, ApiResponse.of(200, stored(node(false, true)).toString()), ApiResponse.of(201, "{}"));

        server.drive(NodeRequests.renewLease(new NodeName("virtual-kubelet-z1"), NOW));

        assertThat(server.lines())
                .containsExactly(
                        "PATCH " + LEASE,
                        "GET " + PATH,
                        "POST /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases");
        var lease = Json.parse(server.requests().getLast().body());
        assertThat(lease.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("node-uid");
        assertThat(lease.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(40);
    }

    @Test
    void thereIsNoLeaseWithoutANode() {
        var server = new ScriptedServer(NOT_FOUND, NOT_FOUND);

        var answer = server.drive(NodeRequests.renewLease(new NodeName("virtual-kubelet-z1"), NOW));

        assertThat(answer).isEqualTo(new WriteAnswer.Gone());
    }
}
