package dev.spillway.bench.spill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.simulated.AcquireCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpillLegsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodUid UID = new PodUid("uid");
    private static final RegionId FIRST = new RegionId("first");

    @Test
    void legsAddUpToTheWhole() {
        var legs = SpillLegs.of(
                record(
                        List.of(call("first", 100, false), call("second", 104, true)),
                        List.of(write("create", "binding", 107, 109, 201))),
                FIRST);

        assertThat(legs.refused()).isEqualTo(1);
        assertThat(legs.toNextCall().percentile(50)).isEqualTo(Duration.ofMillis(4));
        assertThat(legs.toBinding().percentile(50)).isEqualTo(Duration.ofMillis(3));
        assertThat(legs.binding().percentile(50)).isEqualTo(Duration.ofMillis(2));
        assertThat(legs.whole().percentile(50)).isEqualTo(Duration.ofMillis(9));
    }

    @Test
    void countsWhatIsWrittenBetweenRefusalAndBindingAndNothingElse() {
        var legs = SpillLegs.of(
                record(
                        List.of(call("first", 100, false), call("second", 104, true)),
                        List.of(
                                write("patch", "status", 99, 100, 200),
                                write("patch", "status", 102, 103, 200),
                                write("create", "binding", 107, 109, 201),
                                write("patch", "status", 110, 111, 200))),
                FIRST);

        assertThat(legs.writesBetween()).extracting(AuditLog.Write::received).containsExactly(START.plusMillis(102));
    }

    @Test
    void aPodThatWasNotRefusedOnceIsLeftOut() {
        var bound = List.of(write("create", "binding", 107, 109, 201));

        assertThat(SpillLegs.of(record(List.of(call("second", 104, true)), bound), FIRST)
                        .refused())
                .isZero();
        assertThat(SpillLegs.of(
                                record(
                                        List.of(
                                                call("first", 90, false),
                                                call("first", 100, false),
                                                call("second", 104, true)),
                                        bound),
                                FIRST)
                        .refused())
                .isZero();
    }

    private static Phase.Outcome record(List<AcquireCall> calls, List<AuditLog.Write> writes) {
        return new Phase.Outcome(Map.of(UID, "pod-1"), Duration.ofSeconds(1), calls, writes, List.of(), "");
    }

    private static AcquireCall call(String region, long atMillis, boolean accepted) {
        return new AcquireCall(
                1,
                START.plusMillis(atMillis),
                new Offer(new RegionId(region), new ZoneId(region + "-1"), "gpu", "default", "m", false),
                UID,
                accepted ? AcquireCall.Outcome.ACCEPTED : AcquireCall.Outcome.OUT_OF_STOCK,
                accepted ? new InstanceId("i-1") : null);
    }

    private static AuditLog.Write write(
            String verb, String subresource, long receivedMillis, long completedMillis, int code) {
        return new AuditLog.Write(
                "agent",
                verb,
                "pods",
                subresource,
                "n",
                "pod-1",
                code,
                START.plusMillis(receivedMillis),
                START.plusMillis(completedMillis));
    }
}
