package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods whose region is going to take their instance back: R11.10. */
final class ReclaimsTest {
    private static final Owner OWNER = new Owner("apps/v1", "ReplicaSet", "web", "rs-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    private PodBuilder web(String choice) {
        return bench.web().ownedBy(OWNER).annotation(Names.ON_RECLAIM, choice);
    }

    /** Runs for ten minutes in region-a by the first unit. */
    private Pod running(PodBuilder pod) {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.regions.restock("region-a", 1);
        bench.stock("region-b", 9);
        var placed = bench.placed(pod);
        bench.report(placed, Instance.State.RUNNING, "");
        bench.advance(Duration.ofMinutes(10));
        return placed;
    }

    private void announce(Pod pod) {
        bench.report(pod, Instance.State.RUNNING, Instance.TO_BE_RELEASED);
        bench.settle();
    }

    private List<ClusterWrite.GiveUp> givenUp() {
        return bench.writes(ClusterWrite.GiveUp.class);
    }

    private long said(String reason) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.announcement().reason().equals(reason))
                .count();
    }

    @Test
    void itLeavesHalfAMinuteAndItsGraceBeforeTheEnd() {
        var pod = running(web("Move"));
        announce(pod);
        bench.advance(Duration.ofSeconds(239));
        assertThat(givenUp()).isEmpty();

        bench.advance(Duration.ofSeconds(1));

        assertThat(givenUp()).singleElement().satisfies(write -> {
            assertThat(write.uid()).isEqualTo(pod.uid());
            assertThat(write.reason()).isEqualTo("ReclaimAnnounced");
            assertThat(write.why()).contains("region-a", "ReplicaSet web");
        });
        assertThat(said("ReclaimAnnounced")).isEqualTo(1);
        assertThat(bench.api.pods).doesNotContainKey(pod.uid());
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void atOnceWhereItsGraceIsLongerThanThat() {
        var pod = running(web("Move").graceSeconds(600));

        announce(pod);

        assertThat(givenUp()).hasSize(1);
    }

    @Test
    void severalOfOneOwnerLeaveTogetherForTheRegionEndsThemAnyway() {
        var one = running(web("Move"));
        var two = running(web("Move"));
        announce(one);
        announce(two);

        bench.advance(Duration.ofMinutes(4));

        assertThat(givenUp()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Stay", "move", "Evict"})
    void nobodyElseLeaves(String choice) {
        var pod = running(web(choice));
        announce(pod);
        bench.advance(Duration.ofMinutes(10));

        assertThat(givenUp()).isEmpty();
        assertThat(said("SpotToBeReleased")).isEqualTo(1);
        assertThat(said("UnknownChoice")).isEqualTo(choice.equals("Stay") ? 0 : 1);
    }

    @Test
    void withoutAWordItStays() {
        var pod = running(bench.web().ownedBy(OWNER));
        announce(pod);
        bench.advance(Duration.ofMinutes(10));

        assertThat(givenUp()).isEmpty();
        assertThat(said("UnknownChoice")).isZero();
    }

    @Test
    void aPodThatNobodyWouldMakeAnewStaysAndIsToldSoOnce() {
        var pod = running(bench.web().annotation(Names.ON_RECLAIM, "Move"));
        announce(pod);
        bench.advance(Duration.ofMinutes(10));

        assertThat(givenUp()).isEmpty();
        assertThat(said("StaysInPlace")).isEqualTo(1);
    }

    @Test
    void anAnnouncementThatIsTakenBackMovesNobody() {
        var pod = running(web("Move"));
        announce(pod);
        bench.advance(Duration.ofMinutes(2));
        bench.report(pod, Instance.State.RUNNING, "");
        bench.advance(Duration.ofMinutes(10));
        assertThat(givenUp()).isEmpty();

        announce(pod);
        bench.advance(Duration.ofSeconds(239));
        assertThat(givenUp()).isEmpty();
        bench.advance(Duration.ofSeconds(1));
        assertThat(givenUp()).hasSize(1);
    }

    @Test
    void afterAStartNobodyKnowsHowOldTheAnnouncementIs() {
        var pod = running(web("Move"));
        announce(pod);
        bench.advance(Duration.ofMinutes(3));
        bench.restart();
        bench.log.clear();
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();

        bench.advance(Duration.ofSeconds(31));

        assertThat(givenUp()).hasSize(1);
    }
}
