package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Closure;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.step.Event;
import dev.spillway.crds.policy.ResourcePolicySpec;
import dev.spillway.crds.policy.ResourcePolicyStatus;
import dev.spillway.crds.policy.UnitResource;
import dev.spillway.crds.region.RegionSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is read and written here by field names is what the custom resource definitions say. */
final class DefinitionAgreementTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static JsonNode writtenStatus(Exchange<?> exchange) {
        var server = new ScriptedServer(
                ApiResponse.of(200, "{\"spec\":{\"zones\":[{\"id\":\"z\"}],\"units\":[{\"resource\":\"acs\"}]}}"),
                ScriptedServer.OK);
        server.drive(exchange);
        return Json.parse(server.requests().getLast().body()).path("status");
    }

    private static JsonNode throughType(JsonNode status, Class<?> type) throws JsonProcessingException {
        return Json.parse(Json.MAPPER.writeValueAsString(Json.MAPPER.treeToValue(status, type)));
    }

    @Test
    void aRegionsStatusSurvivesItsType() throws JsonProcessingException {
        var stock = Stream.concat(
                        Stream.of("NeverAsked", "Open", "Probing"),
                        Stream.of(Closure.values()).map(Closure::code))
                .map(state -> new RegionStatus.StockLine(
                        new Offer(new RegionId("r"), new ZoneId("z"), "gpu", "default", state, true), state, NOW, NOW))
                .toList();
        var verdict = new RegionStatus.Verdict(true, "Valid", "all is well");

        var status = writtenStatus(StatusRequests.region(
                new RegionId("r"),
                new RegionStatus(3, verdict, verdict, 2, List.of(new NodeName("virtual-kubelet-z")), stock),
                NOW));

        assertThat(throughType(status, dev.spillway.crds.region.RegionStatus.class))
                .isEqualTo(status);
    }

    @Test
    void aPolicysStatusSurvivesItsType() throws JsonProcessingException {
        var status = writtenStatus(StatusRequests.policy(
                new PolicyKey("n", "p"),
                new PolicyStatus(
                        3,
                        new RegionStatus.Verdict(true, "Valid", ""),
                        new RegionStatus.Verdict(false, "UnknownRegion", "unit 2"),
                        List.of(new PolicyStatus.UnitCount(1, 2, 3, 4))),
                NOW));

        assertThat(throughType(status, ResourcePolicyStatus.class)).isEqualTo(status);
    }

    @Test
    void absentFieldsOfARegionReadAsItsTypeSays() throws IOException {
        var json = "{\"zones\":[{\"id\":\"z\"}],\"offers\":[{}],\"backend\":{\"type\":\"Simulated\"}}";
        var spec = Json.MAPPER.readValue(json, RegionSpec.class);

        var region =
                ((Event.RegionSeen) Decoder.decode(Kind.REGIONS, object(json)).seen()).region();

        assertThat(region.isDefault()).isEqualTo(spec.isDefault());
        assertThat(region.lost()).isEqualTo(spec.lost());
        assertThat(region.maxPods()).isEqualTo(spec.maxPods());
        assertThat(region.outagePatience().toSeconds())
                .isEqualTo(spec.outagePatienceSeconds().longValue());
        assertThat(region.allowedNamespaces()).isEqualTo(spec.allowedNamespaces());
        assertThat(region.backend().requestTimeoutMillis())
                .isEqualTo(spec.backend().requestTimeoutMillis());
        assertThat(region.offers().getFirst().computeClass())
                .isEqualTo(spec.offers().getFirst().computeClass());
        assertThat(region.offers().getFirst().computeQos())
                .isEqualTo(spec.offers().getFirst().computeQos());
    }

    @Test
    void absentFieldsOfAPolicyReadAsItsTypeSays() throws IOException {
        var json = "{\"units\":[{\"resource\":\"acs\"}]}";
        var spec = Json.MAPPER.readValue(json, ResourcePolicySpec.class);

        var policy = ((Event.PolicySeen)
                        Decoder.decode(Kind.RESOURCE_POLICIES, object(json)).seen())
                .policy();

        assertThat(policy.counting().ignoreTerminatingPod()).isEqualTo(spec.ignoreTerminatingPod());
        assertThat(policy.strategy().name()).isEqualTo(spec.strategy().name());
    }

    @Test
    void everyResourceOfAPolicyUnitIsKnown() throws IOException {
        var units = Arrays.stream(UnitResource.values())
                .map(resource -> Json.object().<ObjectNode>set("resource", Json.MAPPER.valueToTree(resource)))
                .toList();
        var spec = Json.object();
        spec.putArray("units").addAll(units);

        var policy = ((Event.PolicySeen) Decoder.decode(Kind.RESOURCE_POLICIES, object(spec.toString()))
                        .seen())
                .policy();

        assertThat(policy.problem()).isEmpty();
        assertThat(policy.units())
                .extracting(unit -> unit.resource().name())
                .containsExactlyElementsOf(
                        Arrays.stream(UnitResource.values()).map(Enum::name).toList());
    }

    private static ObjectNode object(String spec) {
        var object = Json.object();
        object.putObject("metadata").put("namespace", "n").put("name", "x");
        object.set("spec", Json.parse(spec));
        return object;
    }
}
