package dev.spillway.embedded.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each rule decides where the ones before it tie, whatever the ones after it say. */
class VictimOrderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** A pod that is as good as can be; each test makes it worse in one way. */
    private static final class Candidate {

        private final ObjectNode pod;

        Candidate(String name) {
            pod = World.json("{'metadata':{'name':'" + name + "','uid':'" + name
                    + "','creationTimestamp':'2026-01-01T00:00:00Z',"
                    + "'annotations':{}},'spec':{'nodeName':'n-" + name + "'},'status':{'phase':'Running','conditions':"
                    + "[{'type':'Ready','status':'True','lastTransitionTime':'2026-01-01T00:00:00Z'}],"
                    + "'containerStatuses':[{'name':'c','restartCount':0}]}}");
        }

        Candidate node(String node) {
            if (node.isEmpty()) {
                Trees.writable(pod, "spec").remove("nodeName");
            } else {
                Trees.writable(pod, "spec").put("nodeName", node);
            }
            return this;
        }

        Candidate phase(String phase) {
            Trees.writable(pod, "status").put("phase", phase);
            return this;
        }

        Candidate notReady() {
            ((ObjectNode) pod.at("/status/conditions/0")).put("status", "False");
            return this;
        }

        Candidate readySince(Instant time) {
            ((ObjectNode) pod.at("/status/conditions/0")).put("lastTransitionTime", time.toString());
            return this;
        }

        Candidate cost(String cost) {
            ((ObjectNode) pod.at("/metadata/annotations")).put("controller.kubernetes.io/pod-deletion-cost", cost);
            return this;
        }

        Candidate restarts(int count) {
            ((ObjectNode) pod.at("/status/containerStatuses/0")).put("restartCount", count);
            return this;
        }

        Candidate created(Instant time) {
            Trees.writable(pod, "metadata").put("creationTimestamp", time.toString());
            return this;
        }

        Candidate uid(String uid) {
            Trees.writable(pod, "metadata").put("uid", uid);
            return this;
        }
    }

    @Test
    void podWithoutANodeGoesBeforeOneWithANode() {
        assertOrder(
                new Candidate("b").node("").cost("100"),
                new Candidate("a").phase("Pending").notReady());
    }

    @Test
    void pendingGoesBeforeUnknownBeforeRunning() {
        assertOrder(
                new Candidate("c").phase("Pending").cost("9"),
                new Candidate("b").phase("Unknown").cost("5"),
                new Candidate("a").notReady());
    }

    @Test
    void notReadyGoesBeforeReadyWhateverItCosts() {
        assertOrder(new Candidate("b").notReady().cost("2000"), new Candidate("a").cost("-100"));
    }

    @Test
    void lowerDeletionCostGoesFirst() {
        assertOrder(
                new Candidate("d").cost("-100"),
                new Candidate("c"),
                new Candidate("b").cost("1900").restarts(7),
                new Candidate("a").cost("2000").restarts(9));
    }

    /** 1.37.2, helper.GetDeletionCostFromPodAnnotations: a plus sign, leading zeros and what is no int32 count as 0. */
    @Test
    void malformedCostIsZero() {
        for (String malformed : List.of("+10", "008", "many", "", "2147483648", "1.5")) {
            assertOrder(
                    new Candidate("c").cost("-1"), new Candidate("b").cost(malformed), new Candidate("a").cost("1"));
        }
    }

    @Test
    void podOnTheFullerNodeGoesFirst() {
        Candidate alone = new Candidate("a").restarts(5);
        Candidate pair = new Candidate("b").node("shared");
        Candidate other = new Candidate("c").node("shared");

        List<ObjectNode> sorted = sorted(List.of(alone, pair, other));

        assertThat(sorted.getLast()).isSameAs(alone.pod);
    }

    @Test
    void podReadyForAShorterTimeGoesFirst() {
        assertOrder(
                new Candidate("b").readySince(NOW.minus(Duration.ofMinutes(1))),
                new Candidate("a").readySince(NOW.minus(Duration.ofHours(10))).restarts(9));
    }

    /** KEP-2185: ages of the same power of two tie, and the UID decides. */
    @Test
    void similarAgesTieAndTheUidDecides() {
        assertOrder(
                new Candidate("b").uid("1").readySince(NOW.minus(Duration.ofSeconds(1_050))),
                new Candidate("a").uid("2").readySince(NOW.minus(Duration.ofSeconds(1_000))));
    }

    @Test
    void moreRestartsGoFirst() {
        assertOrder(new Candidate("b").restarts(3), new Candidate("a").created(NOW.minusSeconds(1)));
    }

    @Test
    void newerGoesFirst() {
        assertOrder(
                new Candidate("b").created(NOW.minus(Duration.ofSeconds(10))),
                new Candidate("a").created(NOW.minus(Duration.ofHours(5))));
    }

    @Test
    void orderIsTotalOverRandomPods() {
        SplittableRandom random = new SplittableRandom(3);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Candidate candidate = new Candidate("p" + i).node(random.nextInt(3) == 0 ? "" : "n" + random.nextInt(3));
            candidate.phase(List.of("Pending", "Running", "Unknown").get(random.nextInt(3)));
            candidate.cost(Integer.toString(random.nextInt(3)));
            candidate.restarts(random.nextInt(2)).created(NOW.minusSeconds(random.nextInt(5_000)));
            candidate.readySince(NOW.minusSeconds(random.nextInt(5_000)));
            candidates.add(random.nextInt(3) == 0 ? candidate.notReady() : candidate);
        }
        List<ObjectNode> once = sorted(candidates);
        Collections.reverse(candidates);

        assertThat(sorted(candidates)).containsExactlyElementsOf(once);
    }

    private static void assertOrder(Candidate... wanted) {
        List<Candidate> reversed = new ArrayList<>(List.of(wanted));
        Collections.reverse(reversed);

        List<String> names = sorted(reversed).stream().map(Api::name).toList();

        assertThat(names)
                .containsExactlyElementsOf(List.of(wanted).stream()
                        .map(candidate -> Api.name(candidate.pod))
                        .toList());
    }

    private static List<ObjectNode> sorted(List<Candidate> candidates) {
        List<ObjectNode> pods = new ArrayList<>();
        candidates.forEach(candidate -> pods.add(candidate.pod));
        pods.sort(new VictimOrder(List.copyOf(pods), NOW));
        return pods;
    }
}
