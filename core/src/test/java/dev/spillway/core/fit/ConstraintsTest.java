package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.app;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.far;
import static dev.spillway.core.fit.Samples.fit;
import static dev.spillway.core.fit.Samples.near;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static dev.spillway.core.fit.Samples.ports;
import static dev.spillway.core.fit.Samples.spread;
import static dev.spillway.core.fit.Samples.term;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.NodeRules.HostPort;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ResourceList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules: kubernetes.io/docs/concepts/scheduling-eviction, and the filters of kube-scheduler 1.37. */
final class ConstraintsTest {
    private static final Labels WEB = Labels.of("app", "web");

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, TCP, 80, 10.0.0.1, TCP, 80, false",
        "10.0.0.1, TCP, 80, 10.0.0.2, TCP, 80, true",
        "10.0.0.1, TCP, 80, 10.0.0.1, UDP, 80, true",
        "10.0.0.1, TCP, 80, 10.0.0.1, TCP, 81, true",
        "10.0.0.1, TCP, 80, 10.0.0.1, TCP, 80, false",
    })
    void hostPortsConflictByAddressProtocolAndNumber(
            String ip, String protocol, int port, String takenIp, String takenProtocol, int takenPort, boolean fits) {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", pod("old", WEB, ports(new HostPort(takenIp, takenProtocol, takenPort)))));

        assertThat(fit(cluster, pod("new", WEB, ports(new HostPort(ip, protocol, port)))))
                .hasSize(fits ? 1 : 0);
    }

    @Test
    void anExtendedResourceIsCountedAndOneOfWhichNoneIsRequestedIsNotLookedAt() {
        var cluster = cluster(node("a"));
        var some = ResourceList.of(Map.of("example.com/foo", 1L));
        var none = ResourceList.of(Map.of("example.com/foo", 0L));

        assertThat(fit(cluster, pod("p", WEB, NodeRules.NONE, 0, some, List.of())))
                .isEmpty();
        assertThat(fit(cluster, pod("p", WEB, NodeRules.NONE, 0, none, List.of())))
                .containsExactly("a");
    }

    @Test
    void affinityGoesWhereItsCompanyIsAndTheFirstOfAGroupAnywhereWithTheKey() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"), node("c"));
        var pod = pod("new", WEB, near(term(ZONE, "web")));

        assertThat(fit(cluster, pod)).containsExactly("a", "b");
        cluster.podSeen(on("b", pod("old", WEB, NodeRules.NONE)));
        assertThat(fit(cluster, pod)).containsExactly("b");
        assertThat(fit(cluster, pod("alone", Labels.empty(), near(term(ZONE, "other")))))
                .isEmpty();
    }

    @Test
    void antiAffinityHoldsInBothDirections() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "1"), node("c", ZONE, "2"));
        cluster.podSeen(on("a", pod("old", Labels.of("app", "db"), far(term(ZONE, "web")))));

        assertThat(fit(cluster, pod("web", WEB, NodeRules.NONE))).containsExactly("c");
        assertThat(fit(cluster, pod("x", Labels.of("app", "x"), far(term(ZONE, "db")))))
                .containsExactly("c");
        cluster.podGone(new PodUid("old"));
        assertThat(fit(cluster, pod("web", WEB, NodeRules.NONE))).containsExactly("a", "b", "c");
    }

    @Test
    void aNamespaceSelectorMeansNamespacesByLabelAndAnEmptyOneMeansAll() {
        var cluster = cluster(node("a", ZONE, "1"));
        cluster.podSeen(on("a", pod("old", WEB, NodeRules.NONE)));
        var byLabel = new NodeRules.PodTerm(ZONE, app("web"), Set.of(), app("shop"));
        var all = new NodeRules.PodTerm(ZONE, app("web"), Set.of(), LabelSelector.EVERYTHING);

        assertThat(fit(cluster, pod("p", Labels.empty(), far(byLabel)))).containsExactly("a");
        cluster.namespaceSeen("ns", Labels.of("app", "shop"));
        assertThat(fit(cluster, pod("p", Labels.empty(), far(byLabel)))).isEmpty();
        cluster.namespaceGone("ns");
        assertThat(fit(cluster, pod("p", Labels.empty(), far(byLabel)))).containsExactly("a");
        assertThat(fit(cluster, pod("p", Labels.empty(), far(all)))).isEmpty();
    }

    private static NodeRules evenly(int minDomains) {
        return spread(new NodeRules.Spread(true, ZONE, 1, minDomains, app("web"), true, false));
    }

    @Test
    void spreadKeepsTheSkewAndCountsNoPodThatIsBeingDeleted() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"), node("c"));
        cluster.podSeen(on("a", pod("old", WEB, NodeRules.NONE)));

        assertThat(fit(cluster, pod("new", WEB, evenly(1)))).containsExactly("b");
        cluster.podSeen(on("a", pod("old", WEB, NodeRules.NONE)).ending());
        assertThat(fit(cluster, pod("new", WEB, evenly(1)))).containsExactly("a", "b");
    }

    @Test
    void belowMinDomainsTheGlobalMinimumIsZero() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));
        cluster.podSeen(on("a", pod("o1", WEB, NodeRules.NONE)));
        cluster.podSeen(on("b", pod("o2", WEB, NodeRules.NONE)));

        assertThat(fit(cluster, pod("new", WEB, evenly(2)))).containsExactly("a", "b");
        assertThat(fit(cluster, pod("new", WEB, evenly(3)))).isEmpty();
    }

    @Test
    void virtualNodesAreDomainsAndNeverFound() {
        var cluster = cluster(node("a", ZONE, "1"), node("v", ZONE, "2", "type", "virtual-kubelet"));
        cluster.podSeen(on("a", pod("old", WEB, NodeRules.NONE)));

        assertThat(fit(cluster, pod("free"))).containsExactly("a", "v");
        assertThat(fit(cluster, pod("new", WEB, evenly(1)))).containsExactly("v");
    }

    @Test
    void whatIsNotEvaluatedMakesEveryNodeUnfitByName() {
        var rules = new NodeRules(
                List.of(), NodeRules.Company.ANY, List.of(), List.of(), List.of(), true, Set.of("resourceClaims"));

        var found = cluster(node("a"), node("b")).find(pod("p", WEB, rules), node -> true);

        assertThat(found)
                .isEqualTo(new NodeSearch.Found.Nowhere(
                        new java.util.TreeMap<>(Map.of("node(s) are not served for pods that use resourceClaims", 2)),
                        List.of(),
                        false,
                        false));
    }

    @Test
    void anAssumedPodCountsUntilItIsForgotten() {
        var cluster = cluster(node("a"));
        var big = pod("big", WEB, NodeRules.NONE, 0, ResourceList.of(Map.of("cpu", 4000L)), List.of());

        cluster.assume(big, new NodeName("a"), Labels.empty(), Certainty.SURE);
        assertThat(fit(cluster, pod("p"))).isEmpty();
        assertThat(cluster.stillTakes(big, new NodeName("a"))).isTrue();
        cluster.podSeen(big); // as it is while it waits
        assertThat(fit(cluster, pod("p"))).containsExactly("a");
    }

    @Test
    void anAbsurdRequestLeavesNoTrace() {
        var cluster = cluster(node("a"));
        var absurd = pod("absurd", WEB, NodeRules.NONE, 0, ResourceList.of(Map.of("cpu", Long.MAX_VALUE)), List.of());
        cluster.podSeen(on("a", pod("old")));
        cluster.podSeen(on("a", absurd));
        assertThat(fit(cluster, pod("p"))).isEmpty();
        cluster.podGone(absurd.uid());
        assertThat(fit(cluster, pod("p"))).containsExactly("a");
    }

    @Test
    void aNodeThatComesBackStillCarriesItsPods() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", pod("big", WEB, NodeRules.NONE, 0, ResourceList.of(Map.of("cpu", 4000L)), List.of())));

        cluster.nodeGone(new NodeName("a"));
        cluster.nodeSeen(node("a"));

        assertThat(fit(cluster, pod("p"))).isEmpty();
    }
}
