package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A policy that is edited to one that cannot be used, while its pods are under way. */
final class PolicyEditTest {
    private static final PolicyKey P = new PolicyKey("demo", "p");

    private final TestBench bench = new TestBench().withTwoRegions();

    PolicyEditTest() {
        bench.advance(Duration.ofSeconds(20));
    }

    /** Generation 2 of policy p; its unit names two regions. */
    private static PolicyBuilder invalid() {
        return aPolicy(acs("region-a").podLabels(Names.REGION_ID, "region-b")).generation(2);
    }

    private static PolicyBuilder other() {
        return aPolicy(acs("region-b")).named("other").selecting("svc", "batch");
    }

    private List<ClusterWrite.WritePolicyStatus> statuses(PolicyKey key) {
        return bench.writes(ClusterWrite.WritePolicyStatus.class).stream()
                .filter(write -> write.policy().equals(key))
                .toList();
    }

    private long events(Pod pod) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(announce -> announce.uid().equals(pod.uid())
                        && announce.announcement().reason().equals("FailedScheduling"))
                .count();
    }

    @Test
    void podsInFlightAreBoundByTheGenerationThatAskedAndWaitingOnesSayWhatIsWrong() {
        bench.stock("region-a", 1);
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a")));
        bench.declare(other());
        bench.settle();
        var asked = bench.create(bench.web()); // its request is on the way when the policy changes
        bench.declare(invalid());
        bench.settle();
        var waiting = bench.create(bench.web());
        bench.settle();
        bench.stock("region-a", 5);
        bench.advance(Duration.ofMinutes(30));

        assertThat(bench.current(asked).annotations().get(Names.POLICY_GENERATION))
                .isEqualTo("1");
        assertThat(bench.nodeOf(waiting)).isNull();
        assertThat(bench.explanation(waiting))
                .isEqualTo(
                        "PolicyInvalid: policy p cannot be used: spec.units[0] names region 'region-a' in nodeSelector"
                                + " and 'region-b' in podLabels: they must agree.");
        assertThat(events(waiting)).isEqualTo(1);
        var shown = statuses(P).getLast().status();
        assertThat(shown.generation()).isEqualTo(2);
        assertThat(shown.ready().status()).isFalse();
        assertThat(shown.ready().reason()).isEqualTo("Invalid");
        assertThat(shown.ready().message()).contains("spec.units[0] names region 'region-a'");
    }

    @Test
    void otherPoliciesGoOnAndNothingIsRepeated() {
        bench.stock("region-b", 5);
        bench.declare(invalid());
        bench.declare(other());
        var held = bench.create(bench.web());
        var batch = bench.placed(bench.pod("svc", "batch"));
        bench.report(batch, Instance.State.RUNNING, "");
        bench.advance(Duration.ofMinutes(1));
        int before = bench.log.size();

        bench.advance(Duration.ofHours(1));

        assertThat(bench.nodeOf(batch)).isEqualTo("virtual-kubelet-region-b-1");
        assertThat(bench.nodeOf(held)).isNull();
        assertThat(bench.log.subList(before, bench.log.size()))
                .noneMatch(effect -> effect instanceof Effect.Write(ClusterWrite.Explain _)
                        || effect instanceof Effect.Write(ClusterWrite.Announce _)
                        || effect instanceof Effect.Write(ClusterWrite.WritePolicyStatus _));
    }

    @Test
    void aPolicyPutRightPlacesItsPods() {
        bench.stock("region-a", 5);
        bench.declare(invalid());
        var pod = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(pod)).isNull();

        bench.declare(aPolicy(acs("region-a")).generation(3));
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.current(pod).annotations().get(Names.POLICY_GENERATION))
                .isEqualTo("3");
    }

    @Test
    void whoeverEditsAPolicySoonReadsThatItWasSeen() {
        bench.declare(aPolicy(acs("region-a")));
        bench.advance(Duration.ofSeconds(1));

        bench.declare(invalid());
        bench.advance(Duration.ofSeconds(1));

        assertThat(statuses(P).getLast().status().generation()).isEqualTo(2);
    }
}
