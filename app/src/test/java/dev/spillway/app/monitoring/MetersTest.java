package dev.spillway.app.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.app.version.Version;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Kind;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MetersTest {
    private static final RegionId REGION = new RegionId("hangzhou");
    private static final Refusal SOLD_OUT = new Refusal.OutOfStock("none");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);

    @Test
    void countsRefusalsAndTheTimeUntilABinding() {
        meters.refused(REGION, new PodUid("a"), SOLD_OUT);
        meters.refused(REGION, new PodUid("a"), SOLD_OUT);
        meters.bound(new PodUid("a"));
        meters.bound(new PodUid("never-refused"));

        assertThat(registry.scrape())
                .contains("spillway_refusals_total{kind=\"OutOfStock\",region=\"hangzhou\"} 2.0")
                .contains("spillway_refusal_to_bind_seconds_count 1");
    }

    @Test
    void timesRequestsForAnInstanceByRegion() {
        meters.acquired(REGION, () -> new AcquireAnswer.Refused(SOLD_OUT));
        meters.acquired(REGION, () -> new AcquireAnswer.Unknown("cut"));
        assertThatThrownBy(() -> meters.acquired(REGION, MetersTest::unasked))
                .isInstanceOf(IllegalStateException.class);

        assertThat(registry.scrape())
                .contains("spillway_acquire_seconds_count{outcome=\"Refused\",region=\"hangzhou\"} 1")
                .contains("spillway_acquire_seconds_count{outcome=\"Unknown\",region=\"hangzhou\"} 1")
                .contains("spillway_acquire_seconds_count{outcome=\"threw\",region=\"hangzhou\"} 1")
                .contains("spillway_acquire_seconds_bucket{outcome=\"Refused\",region=\"hangzhou\",le=\"30.0\"} 1")
                .contains("spillway_effects_seconds_count{effect=\"acquire\",outcome=\"Refused\"} 1");
    }

    @Test
    void timesCallsByEffectAndOutcome() {
        meters.timed("bind", WriteAnswer.Done::new);
        assertThatThrownBy(() -> meters.timed("bind", MetersTest::fail)).isInstanceOf(IllegalStateException.class);

        assertThat(registry.scrape())
                .contains("spillway_effects_seconds_count{effect=\"bind\",outcome=\"Done\"} 1")
                .contains("spillway_effects_seconds_count{effect=\"bind\",outcome=\"threw\"} 1");
    }

    @Test
    void publishesWhatTheControllerSays() {
        meters.observe(new GivenFigures());

        assertThat(registry.scrape())
                .contains("spillway_leader 1.0")
                .contains("spillway_waiting_pods 7.0")
                .contains("spillway_oldest_waiting_pod_age_seconds 12.5")
                .contains("spillway_event_queue_length 9.0")
                .contains("spillway_event_loop_silent_seconds 0.25");
    }

    @Test
    void saysWhatRunsAndCountsEnginesThatFailed() {
        meters.engineFailed();

        assertThat(registry.scrape())
                .contains("spillway_build_info{commit=\"%s\",java=\"%s\",version=\"0.1.0\"} 1"
                        .formatted(Version.commit(), Runtime.version()))
                .contains("spillway_engine_failures_total 1.0");
    }

    @Test
    void aHundredRegionsHaveNamesAndTheRestIsOther() {
        for (int i = 0; i < 103; i++) {
            meters.refused(new RegionId("region-" + i), new PodUid("a"), SOLD_OUT);
        }

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("spillway_refusals_total")))
                .hasSize(101)
                .contains("spillway_refusals_total{kind=\"OutOfStock\",region=\"region-99\"} 1.0")
                .contains("spillway_refusals_total{kind=\"OutOfStock\",region=\"other\"} 3.0");
    }

    @Test
    void countsEmptyWatchesByWhatWasWatched() {
        meters.emptyWatch(Kind.PODS);
        meters.emptyPoll(REGION);

        assertThat(registry.scrape())
                .contains("spillway_empty_watches_total{watched=\"/api/v1/pods\"} 1.0")
                .contains("spillway_empty_watches_total{watched=\"region hangzhou\"} 1.0");
    }

    @Test
    void countsWritesToTheApiServerAndNoReads() throws IOException {
        Sender answers201 = (request, deadline) -> ApiResponse.of(201, "");
        Sender breaks = (request, deadline) -> {
            throw new IOException("planted");
        };
        var binding = new ApiRequest("POST", "/api/v1/namespaces/default/pods/a/binding", "application/json", "{}");

        meters.around(answers201).send(binding, Duration.ofSeconds(1));
        meters.around(answers201).send(ApiRequest.get("/api/v1/pods"), Duration.ofSeconds(1));
        assertThatThrownBy(() -> meters.around(breaks).send(binding, Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class);

        assertThat(registry.scrape())
                .contains("spillway_api_writes_total{code=\"201\",method=\"POST\",resource=\"pods/binding\"} 1.0")
                .contains("spillway_api_writes_total{code=\"none\",method=\"POST\",resource=\"pods/binding\"} 1.0")
                .doesNotContain("method=\"GET\"");
    }

    @Test
    void namesTheResourceOfAPathWithoutNamesOfObjects() {
        assertThat(MeteredSender.resourceOf("/api/v1/namespaces/default/pods/web-1/status?fieldManager=x"))
                .isEqualTo("pods/status");
        assertThat(MeteredSender.resourceOf("/api/v1/nodes")).isEqualTo("nodes");
        assertThat(MeteredSender.resourceOf("/api/v1/namespaces/default")).isEqualTo("namespaces");
        assertThat(MeteredSender.resourceOf("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n"))
                .isEqualTo("leases");
        assertThat(MeteredSender.resourceOf("/apis/spillway.dev/v1alpha1/regions/hangzhou/status"))
                .isEqualTo("regions/status");
        assertThat(MeteredSender.resourceOf("/version")).isEqualTo("other");
    }

    private static WriteAnswer fail() {
        throw new IllegalStateException("planted");
    }

    private static AcquireAnswer unasked() {
        throw new IllegalStateException("planted");
    }
}
