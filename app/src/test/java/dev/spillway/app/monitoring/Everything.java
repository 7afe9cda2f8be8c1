package dev.spillway.app.monitoring;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Kind;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** One of every metric that there is. */
final class Everything {
    private static final RegionId NEAR = new RegionId("near");
    private static final Refusal SOLD_OUT = new Refusal.OutOfStock("none");

    private Everything() {}

    /** What a scrape brings. */
    static String scraped() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new Meters(registry);
        meters.observe(new GivenFigures());
        meters.observeCertificate(() -> Instant.EPOCH, InstantSource.fixed(Instant.EPOCH));
        run(new CountedEngine(meters));
        meters.acquired(NEAR, () -> new AcquireAnswer.Refused(SOLD_OUT));
        meters.refused(NEAR, new PodUid("a"), SOLD_OUT);
        meters.bound(new PodUid("a"));
        meters.wrote("POST", "pods/binding", "201");
        meters.emptyWatch(Kind.PODS);
        meters.refresh();
        return registry.scrape();
    }

    /** One pod is placed at once, and one that was refused, elsewhere. */
    private static void run(CountedEngine engine) {
        engine.region(aRegion("near"), 1);
        engine.region(aRegion("far"), 1);
        engine.send(new Event.ClusterListed());
        engine.send(new Event.PolicySeen(aPolicy(acs("near").max(5), acs("far")).build()));
        engine.advance(Duration.ofSeconds(20));
        engine.create(aPod("a").uid("a").label("svc", "web"));
        engine.create(aPod("b").uid("b").label("svc", "web"));
        engine.run();
        engine.advance(Duration.ofSeconds(20));
    }
}
