package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is not decided but has to be said: of nodes, owners and earlier pods. */
class WarningsTest {
    private static final NodeName NODE = new NodeName("virtual-kubelet-region-a-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    private List<String> eventsOf(Pod pod) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.uid().equals(pod.uid()))
                .map(event -> event.announcement().reason())
                .toList();
    }

    private List<ClusterWrite.AnnounceNode> nodeWarnings() {
        return bench.writes(ClusterWrite.AnnounceNode.class);
    }

    @Test
    void aVirtualNodeThatSomebodyDeletesIsMadeAnewAndThatIsSaid() {
        bench.send(new Event.NodeGone(NODE));
        bench.settle();

        assertThat(bench.writes(ClusterWrite.PutNode.class).getLast().node().name())
                .isEqualTo(NODE);
        assertThat(nodeWarnings()).singleElement().satisfies(said -> {
            assertThat(said.node()).isEqualTo(NODE);
            assertThat(said.region().value()).isEqualTo("region-a");
            assertThat(said.announcement().warning()).isTrue();
            assertThat(said.announcement().message())
                    .startsWith("Node virtual-kubelet-region-a-1 was deleted and made anew");
        });
    }

    @Test
    void deletionsOfAVirtualNodeAgainAndAgainAreCountedAndToldEveryTenMinutes() {
        for (int i = 0; i < 60; i++) { // half an hour
            bench.send(new Event.NodeGone(NODE));
            bench.advance(Duration.ofSeconds(30));
        }

        assertThat(nodeWarnings()).hasSizeBetween(3, 4);
        assertThat(nodeWarnings().get(1).announcement().message())
                .contains("was deleted, 20 times since 2026-01-01T00:00:00Z");
    }

    @Test
    void aNodeThatLeavesWithItsZoneIsNoLoss() {
        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.settle();

        assertThat(bench.writes(ClusterWrite.RemoveNode.class)).hasSize(1);
        assertThat(nodeWarnings()).isEmpty();
    }

    private PodBuilder named(String uid) {
        return bench.pinned().named("db-0").uid(uid);
    }

    @Test
    void aPodBesideTheInstanceOfItsForciblyDeletedNamesakeIsToldSoAndWhenThatEnds() {
        bench.stock("region-a", 2);
        var first = bench.create(named("uid-first"));
        bench.settle();
        bench.unanswered = effect -> effect instanceof Effect.Terminate;
        bench.api.vanish(first);
        var second = bench.create(named("uid-second"));
        bench.settle();

        assertThat(bench.nodeOf(second)).isEqualTo(NODE.value());
        assertThat(eventsOf(second)).contains("EarlierInstanceRuns").doesNotContain("EarlierInstanceEnded");

        bench.unanswered = effect -> false;
        bench.send(new Event.TerminateAnswered(
                bench.effects(Effect.Terminate.class).getLast(), new TerminateAnswer.Gone()));
        bench.settle();
        assertThat(eventsOf(second)).contains("EarlierInstanceEnded");
    }

    @Test
    void aPodWhoseNamesakeEndedBeforeIsToldNothing() {
        bench.stock("region-a", 2);
        var first = bench.create(named("uid-first"));
        bench.settle();
        bench.api.vanish(first);
        bench.settle();
        var second = bench.create(named("uid-second"));
        bench.settle();

        assertThat(bench.nodeOf(second)).isEqualTo(NODE.value());
        assertThat(eventsOf(second)).containsExactly("Scheduled");
    }

    private PodBuilder withCost(String ofReplicaSet, String uid) {
        return bench.web()
                .annotation(Names.DELETION_COST, "7")
                .ownedBy(new Owner("apps/v1", "ReplicaSet", ofReplicaSet, uid));
    }

    @Test
    void aCostInATemplateIsOneWarningForItsOwner() {
        bench.stock("region-a", 100);
        bench.declare(aPolicy(acs("region-a")));
        bench.create(20, () -> withCost("web-1", "rs-1"));
        bench.create(withCost("api-1", "rs-2"));
        bench.settle();

        assertThat(bench.writes(ClusterWrite.Announce.class))
                .filteredOn(event -> event.announcement().reason().equals("DeletionCostOverwritten"))
                .extracting(event -> event.announcement().message())
                .hasSize(2)
                .first()
                .asString()
                .contains("was 7 and is 2000 now", "all pods of ReplicaSet web-1");
    }
}
