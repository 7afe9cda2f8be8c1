package dev.spillway.regions.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.conformance.RequestBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RegionsWireTest {
    private static final AcquireRequest REQUEST = RequestBuilder.requestFor("a")
            .incarnation(3)
            .restartPolicy(PodSpec.RestartPolicy.ON_FAILURE)
            .containers(
                    new Container("load", "busybox", Container.Role.INIT),
                    new Container("proxy", "envoy", Container.Role.SIDECAR),
                    new Container("nginx", "nginx"))
            .build();

    @Test
    void aRequestComesBackEqual() {
        assertThat(RegionsWire.readRequest(JsonFields.of("The body", RegionsWire.write(REQUEST))))
                .isEqualTo(REQUEST);
    }

    @ParameterizedTest
    @EnumSource(Instance.State.class)
    void anInstanceComesBackEqual(Instance.State state) {
        Instance instance = instance(state, "text for people");

        assertThat(read(json -> {}, instance)).isEqualTo(instance);
    }

    @Test
    void absentTimesAndAddressesStayAbsent() {
        Instance instance = new Instance(
                new InstanceId("i-1"), REQUEST.tags(), Instance.State.STARTING, 1, null, null, null, null, 0, "", "");

        assertThat(read(json -> {}, instance)).isEqualTo(instance);
    }

    @Test
    void fieldsOfANewerRegionAreIgnored() {
        Instance instance = instance(Instance.State.RUNNING, "");

        assertThat(read(json -> json.put("newField", 1), instance)).isEqualTo(instance);
    }

    @Test
    void textsForPeopleAreCutAndKeptOnOneLine() {
        Instance read = read(json -> {}, instance(Instance.State.FAILED, "a\nb\u001b[31m" + "x".repeat(5000)));

        assertThat(read.message()).startsWith("a b [31mxxx").hasSize(1024);
    }

    @Test
    void whatIsWrongIsNamed() {
        rejects(json -> json.put("state", "SLEEPING"), "The answer.state must be one of [STARTING, RUNNING");
        rejects(json -> json.put("observation", -1), "The answer.observation must be a whole number from 0");
        rejects(json -> json.put("observation", 1.5), "The answer.observation must be a whole number from 0");
        rejects(json -> json.put("id", "../../other"), "The answer.id is not an instance id");
        rejects(json -> json.put("id", "i".repeat(254)), "The answer.id must have at most 253 characters");
        rejects(json -> json.put("ip", "not an address"), "The answer.ip is not an IP address");
        rejects(json -> json.put("startedAt", "yesterday"), "The answer.startedAt must be an instant");
        rejects(json -> json.remove("tags"), "The answer.tags is missing");
        rejects(json -> json.withObject("/tags").remove("podUid"), "The answer.tags.podUid is missing");
        rejects(json -> json.withObject("/tags").put("zone", 7), "The answer.tags.zone must be a text");
    }

    @Test
    void aTokenIsSixtyFourHexadecimalDigits() {
        ObjectNode json = RegionsWire.write(REQUEST).put("token", "abc");

        assertThatThrownBy(() -> RegionsWire.readRequest(JsonFields.of("The body", json)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("The body.token must be 64 hexadecimal digits in lower case.");
    }

    /** A word alone is not believed, nor is a status. */
    @Test
    void anErrorIsKnownByWordAndStatusTogether() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.of(code.word(), code.status())).contains(code);
            assertThat(ErrorCode.of(code.word(), 418)).isEmpty();
            assertThat(ErrorCode.of(code.word().toLowerCase(Locale.ROOT), code.status()))
                    .isEmpty();
        }
    }

    private static Instance instance(Instance.State state, String message) {
        return new Instance(
                new InstanceId("i-1"),
                REQUEST.tags(),
                state,
                42,
                "10.0.0.7",
                "fe80::1",
                Instant.parse("2026-01-01T00:00:00.123Z"),
                Instant.parse("2026-01-01T00:00:01Z"),
                137,
                "SpotReclaimed",
                message,
                List.of(
                        ContainerReport.waiting("nginx")
                                .started(Instant.parse("2026-01-01T00:00:00.123Z"))
                                .ended(Instant.parse("2026-01-01T00:00:01Z"), 137, "SpotReclaimed"),
                        ContainerReport.waiting("proxy")));
    }

    private static Instance read(Consumer<ObjectNode> change, Instance instance) {
        ObjectNode json = RegionsWire.write(instance, REQUEST.token());
        change.accept(json);
        return RegionsWire.readInstance(JsonFields.parse("The answer", json.toString()));
    }

    private static void rejects(Consumer<ObjectNode> change, String message) {
        assertThatThrownBy(() -> read(change, instance(Instance.State.RUNNING, "")))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(message);
    }
}
