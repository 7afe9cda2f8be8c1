package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.OK;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusRequestsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final RegionId REGION = new RegionId("r1");
    private static final PolicyKey POLICY = new PolicyKey("shop", "spill");
    private static final String REGION_OBJECT = """
        {"metadata":{"name":"r1"},"spec":{"zones":[{"id":"z1"},{"id":"z2"}]}}\
        """;
    private static final String POLICY_OBJECT = """
        {"metadata":{"name":"spill"},"spec":{"units":[
          {"resource":"acs","nodeSelector":{"topology.kubernetes.io/region":"r1"},
           "podLabels":{"alibabacloud.com/gpu-model-series":"L20"}},
          {"resource":"ecs"}]}}\
        """;

    private static RegionStatus regionStatus(boolean reachable, RegionStatus.StockLine... stock) {
        return new RegionStatus(
                4,
                new RegionStatus.Verdict(true, "Valid", ""),
                new RegionStatus.Verdict(reachable, reachable ? "Answers" : "Silent", reachable ? "" : "no answer"),
                2,
                List.of(new NodeName("virtual-kubelet-z1")),
                List.of(stock));
    }

    private static RegionStatus.StockLine line(String zone, String model, String state, boolean spot) {
        var offer =
                new Offer(REGION, new ZoneId(zone), model.isEmpty() ? "performance" : "gpu", "default", model, spot);
        return new RegionStatus.StockLine(offer, state, state.equals("SoldOut") ? LATER : null, NOW);
    }

    private static JsonNode parse(String json) throws JsonProcessingException {
        return Json.MAPPER.readTree(json);
    }

    @Test
    void aRegionsStatusHasTheFieldsOfItsDefinition() throws JsonProcessingException {
        var server = new ScriptedServer(ApiResponse.of(200, REGION_OBJECT), OK);

        server.drive(StatusRequests.region(
                REGION,
                regionStatus(true, line("z1", "L20", "SoldOut", false), line("z2", "", "NeverAsked", true)),
                NOW));

        assertThat(server.lines())
                .containsExactly(
                        "GET /apis/spillway.dev/v1alpha1/regions/r1",
                        "PATCH /apis/spillway.dev/v1alpha1/regions/r1/status");
        assertThat(parse(server.requests().getLast().body())).isEqualTo(parse("""
            {"status":{"observedGeneration":4,"conditions":[
              {"type":"Accepted","status":"True","reason":"Valid","message":"","lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":4},
              {"type":"Reachable","status":"True","reason":"Answers","message":"","lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":4},
              {"type":"Ready","status":"True","reason":"Ready","message":"","lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":4}],
             "instances":2,"virtualNodes":["virtual-kubelet-z1"],"stock":[
              {"zone":"z1","computeClass":"gpu","computeQos":"default","gpuModel":"L20","spot":false,"state":"SoldOut",
               "until":"2026-01-02T03:14:05Z","observedAt":"2026-01-02T03:04:05Z"},
              {"zone":"z2","computeClass":"performance","computeQos":"default","spot":true,"state":"NeverAsked",
               "observedAt":"2026-01-02T03:04:05Z"}],
             "zonesSummary":"z1, z2","stockSummary":"L20 sold out, performance/spot never asked"}}\
            """));
    }

    @Test
    void theSummaryShowsTheBestZone() {
        var server = new ScriptedServer(ApiResponse.of(200, REGION_OBJECT), OK);

        server.drive(StatusRequests.region(
                REGION,
                regionStatus(true, line("z1", "L20", "Open", false), line("z2", "L20", "SoldOut", false)),
                NOW));

        assertThat(Json.parse(server.requests().getLast().body())
                        .at("/status/stockSummary")
                        .asText())
                .isEqualTo("L20 open");
    }

    private static String after(RegionStatus status) {
        var server = new ScriptedServer(ApiResponse.of(200, REGION_OBJECT), OK);
        server.drive(StatusRequests.region(REGION, status, NOW));
        var object = (ObjectNode) Json.parse(REGION_OBJECT);
        object.set("status", Json.parse(server.requests().getLast().body()).path("status"));
        return object.toString();
    }

    @Test
    void anUnchangedStatusIsNotWritten() {
        var server = new ScriptedServer(ApiResponse.of(200, after(regionStatus(true))));

        var answer = server.drive(StatusRequests.region(REGION, regionStatus(true), LATER));

        assertThat(answer).isEqualTo(new WriteAnswer.Done());
        assertThat(server.lines()).hasSize(1);
    }

    @Test
    void onlyAChangedConditionGetsANewTime() {
        var server = new ScriptedServer(ApiResponse.of(200, after(regionStatus(true))), OK);

        server.drive(StatusRequests.region(REGION, regionStatus(false), LATER));

        var conditions = Json.parse(server.requests().getLast().body()).at("/status/conditions");
        assertThat(conditions.findValuesAsText("lastTransitionTime"))
                .containsExactly("2026-01-02T03:04:05Z", "2026-01-02T03:14:05Z", "2026-01-02T03:14:05Z");
        assertThat(conditions.findValuesAsText("type")).containsExactly("Accepted", "Reachable", "Ready");
        assertThat(conditions.at("/2/reason").asText()).isEqualTo("Silent");
    }

    /** kstatus knows Stalled, and would otherwise wait for what only an edit can bring about. */
    @Test
    void aRegionThatCannotBeUsedIsStalled() {
        var server = new ScriptedServer(ApiResponse.of(200, REGION_OBJECT), OK);
        var status = new RegionStatus(
                4,
                new RegionStatus.Verdict(false, "NotAccepted", "zone z1 is that of r0"),
                new RegionStatus.Verdict(false, "NotOpened", "The connection is not open."),
                0,
                List.of(),
                List.of());

        server.drive(StatusRequests.region(REGION, status, NOW));

        var conditions = Json.parse(server.requests().getLast().body()).at("/status/conditions");
        assertThat(conditions.findValuesAsText("type")).containsExactly("Accepted", "Reachable", "Ready", "Stalled");
        assertThat(conditions.findValuesAsText("status")).containsExactly("False", "False", "False", "True");
        assertThat(conditions.findValuesAsText("message"))
                .containsExactly(
                        "zone z1 is that of r0",
                        "The connection is not open.",
                        "zone z1 is that of r0",
                        "zone z1 is that of r0");
    }

    @Test
    void aPolicysStatusCountsEachUnit() throws JsonProcessingException {
        var server = new ScriptedServer(ApiResponse.of(200, POLICY_OBJECT), OK);
        var status = new PolicyStatus(
                7,
                new RegionStatus.Verdict(true, "Valid", ""),
                new RegionStatus.Verdict(false, "NotDeclared", "unit 1: NotDeclared (2 pods)"),
                List.of(new PolicyStatus.UnitCount(1, 3, 5, 1), new PolicyStatus.UnitCount(2, 0, null, 0)));

        server.drive(StatusRequests.policy(POLICY, status, NOW));

        assertThat(server.lines().getLast())
                .isEqualTo("PATCH"
                        + " /apis/scheduling.alibabacloud.com/v1alpha1/namespaces/shop/resourcepolicies/spill/status");
        assertThat(parse(server.requests().getLast().body())).isEqualTo(parse("""
            {"status":{"observedGeneration":7,"conditions":[
              {"type":"Ready","status":"True","reason":"Valid","message":"",
               "lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":7},
              {"type":"Consistent","status":"False","reason":"NotDeclared","message":"unit 1: NotDeclared (2 pods)",
               "lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":7}],
             "units":[{"index":1,"count":3,"max":5,"nodes":1},{"index":2,"count":0,"nodes":0}],
             "summary":"r1/L20 3/5 (1 node) -> ecs 0 (0 nodes)"}}\
            """));
    }

    @Test
    void aPolicyThatCannotBeUsedShowsNoCounts() throws JsonProcessingException {
        var server = new ScriptedServer(ApiResponse.of(200, POLICY_OBJECT), OK);
        var status = PolicyStatus.unusable(7, new RegionStatus.Verdict(false, "Invalid", "spec.units[1].max"));

        server.drive(StatusRequests.policy(POLICY, status, NOW));

        var written = parse(server.requests().getLast().body()).path("status");
        assertThat(written.path("conditions").findValuesAsText("type")).containsExactly("Ready", "Stalled");
        assertThat(written.path("conditions").findValuesAsText("status")).containsExactly("False", "True");
        assertThat(written.path("units")).isEmpty();
        assertThat(written.path("summary").asText()).isEqualTo("r1/L20 -> ecs");
    }

    @Test
    void aDeletedObjectsStatusIsGone() {
        var server = new ScriptedServer(ScriptedServer.NOT_FOUND);

        assertThat(server.drive(StatusRequests.region(REGION, regionStatus(true), NOW)))
                .isEqualTo(new WriteAnswer.Gone());
    }
}
