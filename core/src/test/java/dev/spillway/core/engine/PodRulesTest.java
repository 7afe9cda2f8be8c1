package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.withRules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.NodeRules.Company;
import dev.spillway.core.model.NodeRules.PodTerm;
import dev.spillway.core.model.NodeRules.Spread;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds between pods on real nodes holds on virtual nodes too: topology spread, affinity and anti-affinity. */
class PodRulesTest {
    private final TestBench bench = new TestBench();
    private final Map<String, Integer> stockOfZone = new TreeMap<>();

    PodRulesTest() {
        bench.onAcquire = effect -> {
            var zone = effect.request().offer().zone().value();
            int left = stockOfZone.getOrDefault(zone, 0);
            if (left == 0) {
                return new AcquireAnswer.Refused(new Refusal.OutOfStock("none"));
            }
            stockOfZone.put(zone, left - 1);
            bench.stock.put(effect.region().value(), 1);
            return bench.sell(effect);
        };
    }

    private void regions(String... zonesOfA) {
        bench.region("a", true, zonesOfA);
        bench.listed();
        bench.advance(Duration.ofSeconds(20)); // nothing is waited for because of the start
    }

    private void declare(Unit... units) {
        declare(policy(units));
    }

    private void declare(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.settle();
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.advance(Duration.ofSeconds(5));
        return bench.current(pod);
    }

    private static LabelSelector svc(String value) {
        return LabelSelector.of(Labels.of("svc", value), List.of());
    }

    private static NodeRules spread(boolean hard) {
        return spread(hard, false);
    }

    private static NodeRules spread(boolean hard, boolean honorsTaints) {
        var rule = new Spread(hard, Names.ZONE, 1, 1, svc("web"), true, honorsTaints);
        return new NodeRules(List.of(), Company.ANY, List.of(), List.of(rule), List.of(), true, Set.of());
    }

    private static PodTerm term(String key, String service) {
        return new PodTerm(key, svc(service), Set.of("demo"), LabelSelector.NOTHING);
    }

    private static NodeRules near(String key, String service) {
        return company(new Company(List.of(term(key, service)), List.of(), List.of()));
    }

    private static NodeRules far(String key, String service) {
        return company(new Company(List.of(), List.of(term(key, service)), List.of()));
    }

    private static NodeRules company(Company company) {
        return new NodeRules(List.of(), company, List.of(), List.of(), List.of(), true, Set.of());
    }

    private void zonedNode(String name, String zone, int pods) {
        bench.send(new Event.NodeSeen(new Node(
                new NodeName(name),
                Labels.of("pool", "p", Names.HOSTNAME, name, Names.ZONE, zone),
                List.of(),
                false,
                ResourceList.of(Map.of(
                        "cpu",
                        1000L * pods,
                        "memory",
                        (long) pods << 30,
                        "nvidia.com/gpu",
                        (long) pods,
                        "pods",
                        110L)))));
    }

    /** How many pods are on each node; those that wait under an empty name. */
    private Map<String, Integer> places() {
        var places = new TreeMap<String, Integer>();
        for (var pod : bench.pods.values()) {
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
            pods.add(bench.create(withRules(bench.web(), spread(true))));
            if (!atOnce) {
                bench.advance(Duration.ofSeconds(2));
            }
        }
        bench.advance(Duration.ofSeconds(4));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 2));
        assertThat(bench.instances).hasSize(1);
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
            placed(withRules(bench.web(), spread(false)));
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
        declare(ecs("p", null), acs("a"));

        for (int i = 0; i < 6; i++) {
            bench.create(withRules(bench.web(), spread(true, honorsTaints)));
        }
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("n1", 2, "n2", 2, "a-1", 2));
    }

    @Test
    void antiAffinityOnTheHostNameLetsOneOntoAVirtualNode() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));

        var first = bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
        var second = bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
        var third = bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
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

        var hermit = placed(withRules(bench.web(), far(Names.ZONE, "web")));
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
            placed(withRules(bench.pinned("svc", "web"), far(Names.HOSTNAME, "web")));
        }

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "a-2", 1, "", 1));
    }

    @Test
    void podsThatAreSteeredKeepApartTooWhateverTheirSelector() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        var labels = Labels.of(Names.ECI, "true", "svc", "web");

        placed(withRules(TestBench.withoutGpu(bench.pod(labels)), far(Names.HOSTNAME, "web")));
        placed(withRules(TestBench.withoutGpu(bench.pod(labels)), far(Names.HOSTNAME, "web")));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 1));
    }

    @Test
    void affinityToAnAppThatRunsNowhereIsWaitedFor() {
        regions("a-1", "a-2");
        stockOfZone.put("a-1", 9);
        stockOfZone.put("a-2", 9);
        declare(acs("a"));

        var web = placed(withRules(bench.web(), near(Names.ZONE, "db")));

        assertThat(zonesAsked()).isEmpty();
        assertThat(bench.explanation(web))
                .contains("PodAffinity: zone a-1 has none of the pods that the pod's required affinity on "
                        + "topology.kubernetes.io/zone asks for");

        bench.create(bench.pod(Labels.of("svc", "db")).on(new NodeName("virtual-kubelet-a-2")));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(web)).isEqualTo("virtual-kubelet-a-2");
    }

    @Test
    void affinityOnRealNodesIsLookedAtAgainWhenTheAppComes() {
        regions("a-1");
        zonedNode("n1", "z1", 9);
        zonedNode("n2", "z2", 9);
        declare(ecs("p", null));

        var web = placed(withRules(bench.web(), near(Names.ZONE, "db")));
        assertThat(web.node()).isNull();

        bench.create(bench.pod(Labels.of("svc", "db")).on(new NodeName("n2")));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(web)).isEqualTo("n2");
    }

    @Test
    void aPodThatIsBeingAskedForIsNoCompanyYet() {
        regions("a-1", "a-2");
        bench.region("b", false);
        stockOfZone.put("a-2", 9);
        declare(acs("a"), acs("b"));

        var db = bench.create(bench.pinned("svc", "db"));
        var web = bench.create(withRules(bench.web(), near(Names.ZONE, "db")));
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

        for (int i = 0; i < 4; i++) {
            bench.create(withRules(bench.web(), near(Names.ZONE, "web")));
        }
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("a-2", 4));
        assertThat(zonesAsked()).containsExactly("a-1", "a-2", "a-2", "a-2", "a-2");
    }

    @Test
    void aLostAnswerFillsItsZoneButIsNotWaitedForByOthers() {
        regions("a-1");
        bench.region("b", false);
        stockOfZone.put("b-1", 9);
        zonedNode("n1", "z1", 1);
        declare(ecs("p", null), acs("a"), acs("b"));
        var sell = bench.onAcquire;
        bench.onAcquire =
                effect -> effect.region().value().equals("a") ? new AcquireAnswer.Unknown("cut") : sell.apply(effect);
        bench.onFind = find -> new FindAnswer.Unknown("cut");

        for (int i = 0; i < 3; i++) {
            bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
        }
        bench.advance(Duration.ofMinutes(1));

        assertThat(places()).isEqualTo(Map.of("n1", 1, "", 1, "b-1", 1));
    }

    @Test
    void whoIsBoundIsCompanyEvenWhereItsInstanceIsInDoubt() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));
        var sell = bench.onAcquire;
        bench.onAcquire = effect -> {
            bench.onAcquire = sell;
            return new AcquireAnswer.Unknown("cut");
        };
        bench.onFind = find -> new FindAnswer.Unknown("cut");

        bench.create(TestBench.withoutGpu(bench.pod(Labels.of("svc", "db"))).on(new NodeName("virtual-kubelet-a-1")));
        bench.advance(Duration.ofSeconds(5));
        var web = bench.create(withRules(bench.web(), near(Names.ZONE, "db")));
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.nodeOf(web)).isEqualTo("virtual-kubelet-a-1");
    }

    @Test
    void aPodWhoseInstanceIsGivenBackIsNoCompany() {
        regions("a-1");
        stockOfZone.put("a-1", 9);
        declare(acs("a"));
        bench.onBind = bind -> new WriteAnswer.Unknown("cut");
        bench.onTerminate = terminate -> new TerminateAnswer.Unknown("cut");

        var db = bench.create(bench.pinned("svc", "db"));
        bench.advance(Duration.ofMinutes(2)); // held for 60 s, then given back, which nobody confirms
        bench.onBind = bench::bind;
        var web = bench.create(withRules(bench.web(), near(Names.ZONE, "db")));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(db)).isNull();
        assertThat(bench.nodeOf(web)).isNull();
    }

    @Test
    void afterAStartWhatRegionsAlreadyRunIsHeardFirst() {
        stockOfZone.put("a-1", 9);
        bench.send(new Event.PolicySeen(policy(acs("a"))));
        var old = bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
        var offer = new Offer(new RegionId("a"), new ZoneId("a-1"), "gpu", "default", TestBench.MODEL, false);
        var unbound = TestBench.instance(new Tags("cluster-1", old.uid(), old.key(), offer, "p", 1, 1, 0), "i-old");
        bench.instances.put(unbound.id(), unbound);
        bench.send(new Event.RegionSeen(TestBench.regionOf("a", true), ""));
        bench.send(new Event.BackendOpened(new RegionId("a"), new Capabilities(Duration.ofSeconds(5), Resources.NONE)));
        bench.listed();
        var young = bench.create(withRules(bench.web(), far(Names.HOSTNAME, "web")));
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
        declare(TestBench.labelling(acs("a"), "tier", "gold"));
        var gold = LabelSelector.of(Labels.of("tier", "gold"), List.of());
        var apart = company(new Company(
                List.of(),
                List.of(new PodTerm(Names.HOSTNAME, gold, Set.of("demo"), LabelSelector.NOTHING)),
                List.of()));

        bench.create(withRules(bench.web(), apart));
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));

        assertThat(places()).isEqualTo(Map.of("a-1", 1, "", 1));
    }
}
