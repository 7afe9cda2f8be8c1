package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.anInstance;
import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.RulesBuilder.far;
import static dev.spillway.core.testing.RulesBuilder.near;
import static dev.spillway.core.testing.RulesBuilder.spread;
import static dev.spillway.core.testing.SpreadBuilder.aSpread;
import static dev.spillway.core.testing.TermBuilder.aTerm;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.PolicyBuilder;
import dev.spillway.core.testing.SpreadBuilder;
import dev.spillway.core.testing.TermBuilder;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds between pods on real nodes holds on virtual nodes too: topology spread, affinity and anti-affinity. */
class PodRulesTest {
    private final TestBench bench = new TestBench();
    private final Map<String, Integer> stockOfZone = new TreeMap<>();

    PodRulesTest() {
        bench.regions.onAcquire = effect -> {
            var zone = effect.request().offer().zone().value();
            int left = stockOfZone.getOrDefault(zone, 0);
            if (left == 0) {
                return new AcquireAnswer.Refused(new Refusal.OutOfStock("none"));
            }
            stockOfZone.put(zone, left - 1);
            bench.stock(effect.region().value(), 1);
            return bench.regions.sell(effect);
        };
    }

    private void regions(String... zonesOfA) {
        bench.region(aRegion("a").asDefault().zones(zonesOfA));
        bench.listed();
        bench.advance(Duration.ofSeconds(20)); // nothing is waited for because of the start
    }

    private void declare(UnitBuilder... units) {
        declare(aPolicy(units));
    }

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    private Pod placed(PodBuilder pod) {
        var created = bench.create(pod);
        bench.advance(Duration.ofSeconds(5));
        return bench.current(created);
    }

    /** About the pods of this service. */
    private static TermBuilder term(String key, String service) {
        return aTerm(key).about("svc", service);
    }

    private static SpreadBuilder evenly() {
        return aSpread(Names.ZONE).of("svc", "web");
    }

    private void zonedNode(String name, String zone, int pods) {
        bench.node(aNode(name).pool("p").zone(zone).roomFor(pods));
    }

    /** How many pods are on each node; those that wait under an empty name. */
    private Map<String, Integer> places() {
        var places = new TreeMap<String, Integer>();
        for (var pod : bench.api.pods.values()) {
            var node = pod.node();
            places.merge(node == null ? "" : node.value().replace("virtual-kubelet-", ""), 1, Integer::sum);
        }
        return places;
    }

    private List<String> zonesAsked() {
        return bench.effects(Effect.Acquire.class).stream()
                .map(acquire -> acquire.request().offer().zone().value())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spreadHoldsBackWhatOnlyTheFullZoneCouldTake(boolean atOnce) {
        regions("a-1", "a-2");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));

        var pods = new ArrayList<Pod>();
        for (int i = 0; i < 3; i++) {
            pods.add(bench.create(bench.web().rules(spread(evenly()))));
            if (!atOnce) {
                bench.advance(Duration.ofSeconds(2));
            }
        }
        bench.advance(Duration.ofSeconds(4));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 2));
        assertThat(bench.regions.instances).hasSize(1);
        assertThat(zonesAsked()).containsExactly("a-1", "a-2");
        for (var pod : pods.subList(1, 3)) {
            assertThat(bench.explanation(pod))
                    .contains("TopologySpread: zone a-1 has as many pods as the topology spread constraint on "
                            + "topology.kubernetes.io/zone with maxSkew 1 allows now")
                    .contains("SoldOut: gpu/default/m1 is sold out in zone a-2");
        }

        stockOfZone.put("a-2", 9);
        bench.advance(Duration.ofMinutes(4));

        assertThat(places()).isEqualTo(Map.of("a-1", 2, "a-2", 1));
    }

    @Test
    void softSpreadForbidsNothing() {
        regions("a-1", "a-2");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));

        for (int i = 0; i < 3; i++) {
            placed(bench.web().rules(spread(evenly().hard(false))));
        }

        assertThat(places()).isEqualTo(Map.of("a-1", 3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sixAtOnceSpreadOverRealZonesAndARegion(boolean honorsTaints) {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        zonedNode("n1", "z1", 9);
        zonedNode("n2", "z2", 9);
        declare(ecs("p"), acs("a"));

        bench.create(6, () -> bench.web().rules(spread(evenly().honorsTaints(honorsTaints))));
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("n1", 2, "n2", 2, "a-1", 2));
    }

    @Test
    void antiAffinityOnTheHostNameLetsOneOntoAVirtualNode() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));

        var first = bench.create(bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        var second = bench.create(bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        var third = bench.create(bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 2));
        assertThat(zonesAsked()).containsExactly("a-1");
        assertThat(bench.explanation(third))
                .contains("PodAntiAffinity: zone a-1 has pods that the pod's required anti-affinity on"
                        + " kubernetes.io/hostname excludes");

        bench.delete(bench.current(first));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-a-1");
        assertThat(bench.nodeOf(third)).isNull();
    }

    @Test
    void antiAffinityOfPodsThatAreThereKeepsOthersOutUntilTheyLeave() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));

        var hermit = placed(bench.web().rules(far(term(Names.ZONE, "web"))));
        var other = placed(bench.web());
        assertThat(bench.explanation(other)).contains("PodAntiAffinity: zone a-1 has pods whose required");

        bench.delete(hermit);
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(other)).isEqualTo("virtual-kubelet-a-1");
    }

    @Test
    void pinnedPodsKeepApartToo() {
        regions("a-1", "a-2");
        stockOfZone.put("a-1", 9);
        stockOfZone.put("a-2", 9);

        for (int i = 0; i < 3; i++) {
            placed(bench.pinned("svc", "web").rules(far(term(Names.HOSTNAME, "web"))));
        }

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "a-2", 1, "", 1));
    }

    @Test
    void podsThatAreSteeredKeepApartTooWhateverTheirSelector() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        placed(bench.web().label(Names.ECI, "true").withoutGpu().rules(far(term(Names.HOSTNAME, "web"))));
        placed(bench.web().label(Names.ECI, "true").withoutGpu().rules(far(term(Names.HOSTNAME, "web"))));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 1));
    }

    @Test
    void affinityToAnAppThatRunsNowhereIsWaitedFor() {
        regions("a-1", "a-2");
        stockOfZone.put("a-1", 9);
        stockOfZone.put("a-2", 9);
        declare(acs("a"));

        var web = placed(bench.web().rules(near(term(Names.ZONE, "db"))));

        assertThat(zonesAsked()).isEmpty();
        assertThat(bench.explanation(web))
                .contains("PodAffinity: zone a-1 has none of the pods that the pod's required affinity on "
                        + "topology.kubernetes.io/zone asks for");

        bench.create(bench.pod("svc", "db").boundTo("virtual-kubelet-a-2"));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(web)).isEqualTo("virtual-kubelet-a-2");
    }

    @Test
    void affinityOnRealNodesIsLookedAtAgainWhenTheAppComes() {
        regions("a-1");
        zonedNode("n1", "z1", 9);
        zonedNode("n2", "z2", 9);
        declare(ecs("p"));

        var web = placed(bench.web().rules(near(term(Names.ZONE, "db"))));
        assertThat(web.node()).isNull();

        bench.create(bench.pod("svc", "db").boundTo("n2"));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(web)).isEqualTo("n2");
    }

    @Test
    void aPodThatIsBeingAskedForIsNoCompanyYet() {
        regions("a-1", "a-2");
        bench.region(aRegion("b"));
        stockOfZone.put("a-2", 9);
        declare(acs("a"), acs("b"));

        var db = bench.create(bench.pinned("svc", "db"));
        var web = bench.create(bench.web().rules(near(term(Names.ZONE, "db"))));
        bench.advance(Duration.ofSeconds(5)); // a-1 refuses db, a-2 takes it

        assertThat(bench.nodeOf(db)).isEqualTo("virtual-kubelet-a-2");
        assertThat(bench.nodeOf(web)).isEqualTo("virtual-kubelet-a-2");
        assertThat(zonesAsked()).containsExactly("a-1", "a-2", "a-2");
    }

    @Test
    void membersOfAGroupFollowTheFirst() {
        regions("a-1", "a-2");
        stockOfZone.put("a-2", 9);
        declare(acs("a"));

        bench.create(4, () -> bench.web().rules(near(term(Names.ZONE, "web"))));
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("a-2", 4));
        assertThat(zonesAsked()).containsExactly("a-1", "a-2", "a-2", "a-2", "a-2");
    }

    @Test
    void aLostAnswerFillsItsZoneButIsNotWaitedForByOthers() {
        regions("a-1");
        bench.region(aRegion("b"));
        stockOfZone.put("b-1", 9);
        zonedNode("n1", "z1", 1);
        declare(ecs("p"), acs("a"), acs("b"));
        var sell = bench.regions.onAcquire;
        bench.regions.onAcquire =
                effect -> effect.region().value().equals("a") ? new AcquireAnswer.Unknown("cut") : sell.apply(effect);
        bench.regions.onFind = find -> new FindAnswer.Unknown("cut");

        bench.create(3, () -> bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        bench.advance(Duration.ofMinutes(1));

        assertThat(places()).isEqualTo(Map.of("n1", 1, "", 1, "b-1", 1));
    }

    @Test
    void whoIsBoundIsCompanyEvenWhereItsInstanceIsInDoubt() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));
        var sell = bench.regions.onAcquire;
        bench.regions.onAcquire = effect -> {
            bench.regions.onAcquire = sell;
            return new AcquireAnswer.Unknown("cut");
        };
        bench.regions.onFind = find -> new FindAnswer.Unknown("cut");

        bench.create(bench.pod("svc", "db").withoutGpu().boundTo("virtual-kubelet-a-1"));
        bench.advance(Duration.ofSeconds(5));
        var web = bench.create(bench.web().rules(near(term(Names.ZONE, "db"))));
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.nodeOf(web)).isEqualTo("virtual-kubelet-a-1");
    }

    @Test
    void aPodWhoseInstanceIsGivenBackIsNoCompany() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));
        bench.api.onBind = bind -> new WriteAnswer.Unknown("cut");
        bench.regions.onTerminate = terminate -> new TerminateAnswer.Unknown("cut");

        var db = bench.create(bench.pinned("svc", "db"));
        bench.advance(Duration.ofMinutes(2)); // held for 60 s, then given back, which nobody confirms
        bench.api.onBind = bench.api::bind;
        var web = bench.create(bench.web().rules(near(term(Names.ZONE, "db"))));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(db)).isNull();
        assertThat(bench.nodeOf(web)).isNull();
    }

    @Test
    void afterAStartWhatRegionsAlreadyRunIsHeardFirst() {
        stockOfZone.put("a-1", 9);
        bench.declare(aPolicy(acs("a")));
        var old = bench.create(bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        bench.regions.put(anInstance("i-old").of(old).inRegion("a").build());
        bench.declare(aRegion("a").asDefault());
        bench.open("a", Duration.ofSeconds(5));
        bench.listed();
        var young = bench.create(bench.web().rules(far(term(Names.HOSTNAME, "web"))));
        var carefree = bench.create(bench.pinned());

        bench.advance(Duration.ofSeconds(3));
        assertThat(bench.nodeOf(carefree)).isEqualTo("virtual-kubelet-a-1");
        assertThat(bench.nodeOf(young)).isNull();

        bench.advance(Duration.ofSeconds(15));
        assertThat(bench.nodeOf(old)).isEqualTo("virtual-kubelet-a-1");
        assertThat(bench.nodeOf(young)).isNull();
        assertThat(bench.explanation(young)).contains("PodAntiAffinity");
    }

    @Test
    void labelsThatTheUnitWritesCountFromTheAskOn() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a").podLabels("tier", "gold"));
        var apart = far(aTerm(Names.HOSTNAME).about("tier", "gold"));

        bench.create(bench.web().rules(apart));
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 1));
    }
}
