package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.app;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static dev.spillway.core.fit.Samples.term;
import static dev.spillway.core.testing.RulesBuilder.preferring;
import static dev.spillway.core.testing.RulesBuilder.rules;
import static dev.spillway.core.testing.RulesBuilder.spread;
import static dev.spillway.core.testing.SpreadBuilder.aSpread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Taint;
import dev.spillway.core.testing.PodBuilder;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Scores and preemption, as kubernetes.io/docs/concepts/scheduling-eviction describes them. */
final class ChoiceTest {
    private static final Map<String, Long> ALL = Map.of("cpu", 4000L);

    private static PodBuilder sized(String name, int priority, Map<String, Long> requests) {
        return pod(name).label("app", name).priority(priority).requests(requests);
    }

    private static NodeSearch.Found found(String node) {
        return new NodeSearch.Found.On(new NodeName(node));
    }

    @Test
    void theEmptierOrTheFullerNodeAndOnATieTheSmallerName() {
        for (var scoring : Scoring.values()) {
            var cluster = cluster(scoring, node("a"), node("b"), node("c"));
            cluster.podSeen(on("a", pod("old")));

            assertThat(cluster.find(pod("p").build(), n -> true))
                    .isEqualTo(found(scoring == Scoring.LEAST_ALLOCATED ? "b" : "a"));
        }
    }

    @Test
    void aSoftTaintOutweighsEmptiness() {
        var tainted = node("a").taints(new Taint("k", "v", "PreferNoSchedule"));
        var cluster = cluster(tainted, node("b"));
        cluster.podSeen(on("b", pod("old")));

        assertThat(cluster.find(pod("p").build(), n -> true)).isEqualTo(found("b"));
    }

    @Test
    void preferredCompanyAndSoftSpreadPullApart() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));
        cluster.podSeen(on("a", pod("old").label("app", "web")));
        var near = preferring(10, term(ZONE, "web"));
        var evenly = spread(aSpread(ZONE).of("app", "web").hard(false));

        assertThat(cluster.find(pod("p").label("app", "web").rules(near).build(), n -> true))
                .isEqualTo(found("a"));
        assertThat(cluster.find(pod("p").label("app", "web").rules(evenly).build(), n -> true))
                .isEqualTo(found("b"));
    }

    @Test
    void whoeverCanStayStaysTheMostImportantFirst() {
        var cluster = cluster(node("a"));
        var half = Map.of("cpu", 2000L);
        cluster.podSeen(on("a", sized("low", 1, half)));
        cluster.podSeen(on("a", sized("mid", 2, half)));

        var room =
                Objects.requireNonNull(cluster.makeRoom(sized("high", 5, half).build(), n -> true));

        assertThat(room.victims())
                .extracting(Pod::uid)
                .extracting(Object::toString)
                .containsExactly("low");
    }

    @Test
    void brokenBudgetsCountBeforePriorities() {
        var cluster = cluster(node("a"), node("b"));
        cluster.podSeen(on("a", sized("kept", 1, ALL)));
        cluster.podSeen(on("b", sized("other", 2, ALL)));
        var high = sized("high", 5, ALL);

        assertThat(cluster.makeRoom(high.build(), n -> true))
                .extracting(NodeSearch.Room::node)
                .isEqualTo(new NodeName("a"));
        cluster.podDisruptionBudgetSeen(new DisruptionBudget("ns", "b", app("kept"), 0));
        assertThat(cluster.makeRoom(high.build(), n -> true))
                .extracting(NodeSearch.Room::node)
                .isEqualTo(new NodeName("b"));
    }

    @Test
    void nobodyLeavesForEqualsForTheModestOrWhereSomebodyIsLeaving() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", sized("old", 1, ALL)));
        assertThat(cluster.makeRoom(sized("equal", 1, ALL).build(), n -> true)).isNull();
        assertThat(cluster.makeRoom(
                        sized("modest", 5, ALL).rules(rules().modest()).build(), n -> true))
                .isNull();
        assertThat(cluster.makeRoom(sized("high", 5, ALL).build(), n -> true)).isNotNull();
        cluster.podSeen(on("a", sized("old", 1, ALL).deleting()));
        assertThat(cluster.makeRoom(sized("high", 5, ALL).build(), n -> true)).isNull();
    }

    @Test
    void askingForRoomChangesNothing() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", sized("old", 1, ALL)));

        cluster.makeRoom(sized("high", 5, ALL).build(), n -> true);

        assertThat(cluster.feasible(pod("p").build())).isEmpty();
    }
}
