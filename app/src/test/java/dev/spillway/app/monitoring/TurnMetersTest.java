package dev.spillway.app.monitoring;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.PolicyBuilder;
import dev.spillway.core.testing.UnitBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine's turns add up to: near has two instances, far nine, and three pods prefer near. */
final class TurnMetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final CountedEngine engine = new CountedEngine(meters);

    private void twoRegions() {
        engine.region(aRegion("near").offers(gpu(UnitBuilder.MODEL)), 2);
        engine.region(aRegion("far"), 9);
        engine.send(new Event.ClusterListed());
        engine.settle();
    }

    private static Region.OfferRule gpu(String model) {
        return new Region.OfferRule(List.of(), "gpu", "default", model, false);
    }

    private void policy(PolicyBuilder policy) {
        engine.send(new Event.PolicySeen(policy.build()));
        engine.settle();
    }

    private void threePods() {
        for (int i = 0; i < 3; i++) {
            engine.create(web(i));
        }
    }

    private static PodBuilder web(int number) {
        return aPod("web-" + number).uid("uid-" + number).label("svc", "web");
    }

    private String scrape() {
        meters.refresh();
        return registry.scrape();
    }

    @Test
    void placementsSayWhereToAndWhyNotToTheUnitBefore() {
        twoRegions();
        policy(aPolicy(acs("near"), acs("far")));
        threePods();

        assertThat(series("spillway_placements_total"))
                .containsExactlyInAnyOrder(
                        "spillway_placements_total{policy=\"demo/p\",reason=\"FirstChoice\",region=\"near\",unit=\"1\"} 2.0",
                        "spillway_placements_total{policy=\"demo/p\",reason=\"SoldOut\",region=\"far\",unit=\"2\"} 1.0");
    }

    @Test
    void aCapAndRealNodesAreReasonsToo() {
        twoRegions();
        engine.send(new Event.NodeSeen(aNode("a1").pool("a").roomFor(1).build()));
        policy(aPolicy(ecs("a"), acs("near").max(1), acs("far")));
        engine.advance(Duration.ofSeconds(20));
        threePods();
        engine.advance(Duration.ofSeconds(20));

        assertThat(series("spillway_placements_total"))
                .containsExactlyInAnyOrder(
                        "spillway_placements_total{policy=\"demo/p\",reason=\"FirstChoice\",region=\"none\",unit=\"1\"} 1.0",
                        "spillway_placements_total{policy=\"demo/p\",reason=\"NoNodeFits\",region=\"near\",unit=\"2\"} 1.0",
                        "spillway_placements_total{policy=\"demo/p\",reason=\"CapReached\",region=\"far\",unit=\"3\"} 1.0");
    }

    @Test
    void aPodThatPinsItselfHasNoPolicy() {
        twoRegions();
        engine.create(aPod("pinned")
                .label(Names.ACS, "true", Names.COMPUTE_CLASS, "gpu", Names.COMPUTE_QOS, "default")
                .label(Names.GPU_MODEL, UnitBuilder.MODEL, Names.REGION_ID, "far"));

        assertThat(series("spillway_placements_total"))
                .containsExactly(
                        "spillway_placements_total{policy=\"none\",reason=\"FirstChoice\",region=\"far\",unit=\"0\"} 1.0");
    }

    @Test
    void aPodThatWasRefusedIsTimedUntilItRunsElsewhere() {
        twoRegions();
        policy(aPolicy(acs("near"), acs("far")));
        threePods();
        engine.advance(Duration.ofSeconds(7));
        engine.run();

        assertThat(series("spillway_refusal_to_running_seconds_count"))
                .containsExactly("spillway_refusal_to_running_seconds_count{region=\"far\"} 1");
        assertThat(series("spillway_refusal_to_running_seconds_sum"))
                .containsExactly("spillway_refusal_to_running_seconds_sum{region=\"far\"} 7.0");
    }

    @Test
    void stockInstancesAndUnitsAreThoseOfTheStatus() {
        twoRegions();
        policy(aPolicy(acs("near").max(2), acs("far")));
        engine.advance(Duration.ofSeconds(20));
        threePods();
        engine.create(web(3));
        engine.advance(Duration.ofSeconds(11));

        assertThat(series("spillway_unit_pods"))
                .containsExactlyInAnyOrder(
                        "spillway_unit_pods{policy=\"demo/p\",unit=\"1\"} 2.0",
                        "spillway_unit_pods{policy=\"demo/p\",unit=\"2\"} 2.0");
        assertThat(series("spillway_unit_pods_max"))
                .containsExactly("spillway_unit_pods_max{policy=\"demo/p\",unit=\"1\"} 2.0");
        assertThat(series("spillway_region_instances"))
                .containsExactlyInAnyOrder(
                        "spillway_region_instances{region=\"near\"} 2.0",
                        "spillway_region_instances{region=\"far\"} 2.0");
        assertThat(series("spillway_region_reachable"))
                .containsExactlyInAnyOrder(
                        "spillway_region_reachable{region=\"near\"} 1.0",
                        "spillway_region_reachable{region=\"far\"} 1.0");
    }

    @Test
    void aModelThatOnlyAPodNamesIsNotALabel() {
        twoRegions();
        policy(aPolicy(acs("near"), acs("far")));
        threePods();
        engine.advance(Duration.ofSeconds(6));

        assertThat(series("spillway_stock_offers"))
                .containsExactlyInAnyOrder(
                        "spillway_stock_offers{product=\"gpu/default/m1\",region=\"near\",state=\"SoldOut\",zone=\"near-1\"} 1.0",
                        "spillway_stock_offers{product=\"gpu/default/other\",region=\"far\",state=\"Open\",zone=\"far-1\"} 1.0");
    }

    @Test
    void whatIsDeletedOrAnotherProcessKnowsIsNotShown() {
        twoRegions();
        policy(aPolicy(acs("near"), acs("far")));
        threePods();
        engine.advance(Duration.ofSeconds(11));

        engine.send(new Event.PolicyGone(new PolicyKey("demo", "p")));
        engine.send(new Event.RegionGone(new RegionId("near")));
        assertThat(series("spillway_unit_pods")).isEmpty();
        assertThat(series("spillway_region_reachable"))
                .containsExactly("spillway_region_reachable{region=\"far\"} 1.0");

        meters.engineEnded();
        assertThat(series("spillway_region_reachable")).isEmpty();
    }

    /** The series of a name, as they are scraped. */
    private List<String> series(String name) {
        return scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
    }
}
