package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.app;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static dev.spillway.core.fit.Samples.spread;
import static dev.spillway.core.fit.Samples.term;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Scores and preemption, as kubernetes.io/docs/concepts/scheduling-eviction describes them. */
final class ChoiceTest {
    private static final ResourceList ALL = ResourceList.of(Map.of("cpu", 4000L));

    private static Pod sized(String name, int priority, ResourceList requests) {
        return pod(name, Labels.of("app", name), NodeRules.NONE, priority, requests, List.of());
    }

    private static NodeSearch.Found found(String node) {
        return new NodeSearch.Found.On(new NodeName(node));
    }

    @Test
    void theEmptierOrTheFullerNodeAndOnATieTheSmallerName() {
        for (var scoring : Scoring.values()) {
            var cluster = cluster(scoring, node("a"), node("b"), node("c"));
            cluster.podSeen(on("a", pod("old")));

            assertThat(cluster.find(pod("p"), n -> true))
                    .isEqualTo(found(scoring == Scoring.LEAST_ALLOCATED ? "b" : "a"));
        }
    }

    @Test
    void aSoftTaintOutweighsEmptiness() {
        var plain = node("a");
        var tainted = new Node(
                plain.name(),
                plain.labels(),
                List.of(new Taint("k", "v", "PreferNoSchedule")),
                false,
                plain.allocatable());
        var cluster = cluster(tainted, node("b"));
        cluster.podSeen(on("b", pod("old")));

        assertThat(cluster.find(pod("p"), n -> true)).isEqualTo(found("b"));
    }

    @Test
    void preferredCompanyAndSoftSpreadPullApart() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));
        cluster.podSeen(on("a", pod("old", Labels.of("app", "web"), NodeRules.NONE)));
        var near =
                new NodeRules.Company(List.of(), List.of(), List.of(new NodeRules.WeightedTerm(10, term(ZONE, "web"))));
        var evenly = spread(new NodeRules.Spread(false, ZONE, 1, 1, app("web"), true, false));

        assertThat(cluster.find(pod("p", Labels.of("app", "web"), Samples.company(near)), n -> true))
                .isEqualTo(found("a"));
        assertThat(cluster.find(pod("p", Labels.of("app", "web"), evenly), n -> true))
                .isEqualTo(found("b"));
    }

    @Test
    void whoeverCanStayStaysTheMostImportantFirst() {
        var cluster = cluster(node("a"));
        var half = ResourceList.of(Map.of("cpu", 2000L));
        cluster.podSeen(on("a", sized("low", 1, half)));
        cluster.podSeen(on("a", sized("mid", 2, half)));

        var room = Objects.requireNonNull(cluster.makeRoom(sized("high", 5, half), n -> true));

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

        assertThat(cluster.makeRoom(high, n -> true))
                .extracting(NodeSearch.Room::node)
                .isEqualTo(new NodeName("a"));
        cluster.podDisruptionBudgetSeen(new DisruptionBudget("ns", "b", app("kept"), 0));
        assertThat(cluster.makeRoom(high, n -> true))
                .extracting(NodeSearch.Room::node)
                .isEqualTo(new NodeName("b"));
    }

    @Test
    void nobodyLeavesForEqualsForTheModestOrWhereSomebodyIsLeaving() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", sized("old", 1, ALL)));
        var modest = new NodeRules(List.of(), NodeRules.Company.ANY, List.of(), List.of(), List.of(), false, Set.of());

        assertThat(cluster.makeRoom(sized("equal", 1, ALL), n -> true)).isNull();
        assertThat(cluster.makeRoom(pod("p", Labels.empty(), modest, 5, ALL, List.of()), n -> true))
                .isNull();
        assertThat(cluster.makeRoom(sized("high", 5, ALL), n -> true)).isNotNull();
        cluster.podSeen(on("a", sized("old", 1, ALL)).ending());
        assertThat(cluster.makeRoom(sized("high", 5, ALL), n -> true)).isNull();
    }

    @Test
    void askingForRoomChangesNothing() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", sized("old", 1, ALL)));

        cluster.makeRoom(sized("high", 5, ALL), n -> true);

        assertThat(cluster.feasible(pod("p"))).isEmpty();
    }
}
