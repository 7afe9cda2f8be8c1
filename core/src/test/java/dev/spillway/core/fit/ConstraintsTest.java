package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.app;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.fit;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static dev.spillway.core.fit.Samples.term;
import static dev.spillway.core.testing.RulesBuilder.far;
import static dev.spillway.core.testing.RulesBuilder.near;
import static dev.spillway.core.testing.RulesBuilder.ports;
import static dev.spillway.core.testing.RulesBuilder.rules;
import static dev.spillway.core.testing.RulesBuilder.spread;
import static dev.spillway.core.testing.SpreadBuilder.aSpread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules.HostPort;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.testing.RulesBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        cluster.podSeen(on("a", pod("old").labels(WEB).rules(ports(new HostPort(takenIp, takenProtocol, takenPort)))));

        assertThat(fit(cluster, pod("new").labels(WEB).rules(ports(new HostPort(ip, protocol, port)))))
                .hasSize(fits ? 1 : 0);
    }

    @Test
    void anExtendedResourceIsCountedAndOneOfWhichNoneIsRequestedIsNotLookedAt() {
        var cluster = cluster(node("a"));

        assertThat(fit(cluster, pod("p").requests(Map.of("example.com/foo", 1L))))
                .isEmpty();
        assertThat(fit(cluster, pod("p").requests(Map.of("example.com/foo", 0L))))
                .containsExactly("a");
    }

    @Test
    void affinityGoesWhereItsCompanyIsAndTheFirstOfAGroupAnywhereWithTheKey() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"), node("c"));
        var pod = pod("new").labels(WEB).rules(near(term(ZONE, "web")));

        assertThat(fit(cluster, pod)).containsExactly("a", "b");
        cluster.podSeen(on("b", pod("old").labels(WEB)));
        assertThat(fit(cluster, pod)).containsExactly("b");
        assertThat(fit(cluster, pod("alone").rules(near(term(ZONE, "other"))))).isEmpty();
    }

    @Test
    void antiAffinityHoldsInBothDirections() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "1"), node("c", ZONE, "2"));
        cluster.podSeen(on("a", pod("old").label("app", "db").rules(far(term(ZONE, "web")))));

        assertThat(fit(cluster, pod("web").labels(WEB))).containsExactly("c");
        assertThat(fit(cluster, pod("x").label("app", "x").rules(far(term(ZONE, "db")))))
                .containsExactly("c");
        cluster.podGone(new PodUid("old"));
        assertThat(fit(cluster, pod("web").labels(WEB))).containsExactly("a", "b", "c");
    }

    @Test
    void aNamespaceSelectorMeansNamespacesByLabelAndAnEmptyOneMeansAll() {
        var cluster = cluster(node("a", ZONE, "1"));
        cluster.podSeen(on("a", pod("old").labels(WEB)));
        var byLabel = term(ZONE, "web").namespaces().namespacesThat(app("shop"));
        var all = term(ZONE, "web").namespaces().namespacesThat(LabelSelector.EVERYTHING);

        assertThat(fit(cluster, pod("p").rules(far(byLabel)))).containsExactly("a");
        cluster.namespaceSeen("ns", Labels.of("app", "shop"));
        assertThat(fit(cluster, pod("p").rules(far(byLabel)))).isEmpty();
        cluster.namespaceGone("ns");
        assertThat(fit(cluster, pod("p").rules(far(byLabel)))).containsExactly("a");
        assertThat(fit(cluster, pod("p").rules(far(all)))).isEmpty();
    }

    private static RulesBuilder evenly(int minDomains) {
        return spread(aSpread(ZONE).of("app", "web").minDomains(minDomains));
    }

    @Test
    void spreadKeepsTheSkewAndCountsNoPodThatIsBeingDeleted() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"), node("c"));
        cluster.podSeen(on("a", pod("old").labels(WEB)));

        assertThat(fit(cluster, pod("new").labels(WEB).rules(evenly(1)))).containsExactly("b");
        cluster.podSeen(on("a", pod("old").labels(WEB).deleting()));
        assertThat(fit(cluster, pod("new").labels(WEB).rules(evenly(1)))).containsExactly("a", "b");
    }

    @Test
    void belowMinDomainsTheGlobalMinimumIsZero() {
        var cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));
        cluster.podSeen(on("a", pod("o1").labels(WEB)));
        cluster.podSeen(on("b", pod("o2").labels(WEB)));

        assertThat(fit(cluster, pod("new").labels(WEB).rules(evenly(2)))).containsExactly("a", "b");
        assertThat(fit(cluster, pod("new").labels(WEB).rules(evenly(3)))).isEmpty();
    }

    @Test
    void virtualNodesAreDomainsAndNeverFound() {
        var cluster = cluster(node("a", ZONE, "1"), node("v", ZONE, "2", "type", "virtual-kubelet"));
        cluster.podSeen(on("a", pod("old").labels(WEB)));

        assertThat(fit(cluster, pod("free"))).containsExactly("a", "v");
        assertThat(fit(cluster, pod("new").labels(WEB).rules(evenly(1)))).containsExactly("v");
    }

    @Test
    void whatIsNotEvaluatedMakesEveryNodeUnfitByName() {
        var found = cluster(node("a"), node("b"))
                .find(pod("p").rules(rules().unsupported("resourceClaims")).build(), node -> true);

        assertThat(found)
                .isEqualTo(new NodeSearch.Found.Nowhere(
                        new TreeMap<>(Map.of("node(s) are not served for pods that use resourceClaims", 2)),
                        List.of(),
                        false,
                        false));
    }

    @Test
    void anAssumedPodCountsUntilItIsForgotten() {
        var cluster = cluster(node("a"));
        var big = pod("big").labels(WEB).requests(Map.of("cpu", 4000L));

        cluster.assume(big.build(), new NodeName("a"), Labels.empty(), Certainty.SURE);
        assertThat(fit(cluster, pod("p"))).isEmpty();
        assertThat(cluster.stillTakes(big.build(), new NodeName("a"))).isTrue();
        cluster.podSeen(big.build()); // as it is while it waits
        assertThat(fit(cluster, pod("p"))).containsExactly("a");
    }

    @Test
    void anAbsurdRequestLeavesNoTrace() {
        var cluster = cluster(node("a"));
        var absurd = pod("absurd").labels(WEB).requests(Map.of("cpu", Long.MAX_VALUE));
        cluster.podSeen(on("a", pod("old")));
        cluster.podSeen(on("a", absurd));
        assertThat(fit(cluster, pod("p"))).isEmpty();
        cluster.podGone(new PodUid("absurd"));
        assertThat(fit(cluster, pod("p"))).containsExactly("a");
    }

    @Test
    void aNodeThatComesBackStillCarriesItsPods() {
        var cluster = cluster(node("a"));
        cluster.podSeen(on("a", pod("big").labels(WEB).requests(Map.of("cpu", 4000L))));

        cluster.nodeGone(new NodeName("a"));
        cluster.nodeSeen(node("a").build());

        assertThat(fit(cluster, pod("p"))).isEmpty();
    }
}
