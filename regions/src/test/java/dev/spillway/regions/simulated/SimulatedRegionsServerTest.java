package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.regions.client.HttpRegionBackend;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.protocol.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedRegionsServerTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final OffsetClock clock = new OffsetClock();
    private final SimulatedRegionsServer server = SimulatedRegionsServer.start(0, clock);
    private final SimulatedRegionsAdmin admin = new SimulatedRegionsAdmin(server.endpoint());
    private final RegionBackend backend =
            HttpRegionBackend.open(REGION, server.endpoint().toString(), DEADLINE, "cluster-1");

    @AfterEach
    void close() {
        backend.close();
        admin.close();
        server.close();
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void anOccupiedPortIsNamed() {
        int port = server.endpoint().getPort();

        assertThatThrownBy(() -> SimulatedRegionsServer.start(port, InstantSource.system()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("Port %d of 127.0.0.1 cannot be used (".formatted(port))
                .hasMessageEndingWith("choose another one, or end the process that has it.");
    }

    @Test
    void aMalformedDefinitionIsAnsweredWithOneLineAndDisturbsNothing() {
        admin.define(REGION, spec("{\"constant\": 1}", ""));

        assertThatThrownBy(() -> admin.define(REGION, spec("{\"constant\": -1}", "")))
                .isInstanceOf(MalformedException.class)
                .hasMessage(
                        "Region region-a: spec.backend.simulated.stock[0].script.constant must be a whole number from"
                                + " 0 to 1000000; it is -1.");

        accepted(requestFor("a").build());
    }

    @Test
    void aMalformedCallIsInvalidAndSaysWhy() throws IOException, InterruptedException {
        admin.define(REGION, spec("{\"constant\": 1}", ""));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(server.endpoint() + "/v1/regions/region-a/instances"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"token\": 7}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body())
                    .isEqualTo("{\"error\":{\"code\":\"Invalid\",\"message\":\"The body.token must be a text; it is a"
                            + " number.\"}}");
        }
    }

    @Test
    void aRequestForAnotherRegionThanItsPathIsInvalid() {
        admin.define(REGION, spec("{\"constant\": 1}", ""));

        assertThat(backend.acquire(requestFor("a").region("region-b").build()))
                .isEqualTo(new AcquireAnswer.Refused(new Refusal.Invalid(
                        "The tags name region region-b, the path region region-a; they must agree.")));
    }

    @Test
    void regionObjectsDefineRegionsAndEditingThemTouchesNoInstance() {
        HandFedSource source = new HandFedSource();
        server.follow(source);
        assertThat(backend.acquire(requestFor("a").build()))
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Unavailable("Region region-a is not defined here; define it first.")));

        assertThat(source.declare(spec("{\"constant\": 1}", ""))).isEmpty();
        Instance instance = accepted(requestFor("a").build());
        assertThat(source.declare(spec("{\"constant\": 2}", ""))).isEmpty();
        accepted(requestFor("b").build());
        assertThat(accepted(requestFor("a").build()).id()).isEqualTo(instance.id());

        assertThat(source.declare(spec("{\"constant\": \"many\"}", "")))
                .contains("script.constant must be a whole number");
        assertThat(backend.acquire(requestFor("c").build()))
                .as("the definition before the malformed one is in force")
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        no -> assertThat(no.refusal()).isInstanceOf(Refusal.OutOfStock.class));

        source.remove();
        assertThat(found(instance.id()).state().isLive()).isTrue();
        server.close();
        assertThat(source.isClosed).isTrue();
    }

    @Test
    void whatIsWrongWithARegionReachesWhoeverAsksForAnInstance() {
        HandFedSource source = new HandFedSource();
        server.follow(source);

        String problem = source.declare(spec("{\"trace\": {\"file\": \"no/such.json\"}}", ""));

        assertThat(problem).contains("Trace file no/such.json does not exist");
        assertThat(backend.acquire(requestFor("a").build()))
                .isEqualTo(new AcquireAnswer.Refused(new Refusal.Unavailable(problem)));
        assertThat(backend.list())
                .isInstanceOfSatisfying(
                        ListAnswer.Unknown.class, none -> assertThat(none.why()).contains(problem));
    }

    @Test
    void aRegionOfAnotherBackendIsNotServed() throws JsonProcessingException {
        HandFedSource source = new HandFedSource();
        server.follow(source);

        JsonNode other = new ObjectMapper().readTree("{\"zones\": [], \"backend\": {\"type\": \"Kubernetes\"}}");

        assertThat(source.declare(other)).isEmpty();
        assertThat(backend.acquire(requestFor("a").build()))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        no -> assertThat(no.refusal()).isInstanceOf(Refusal.Unavailable.class));
    }

    @Test
    void aJumpOfTheDecisionClockStartsInstancesAndDatesThemInWallTime() {
        admin.define(REGION, spec("{\"constant\": 1}", ", \"startupDelayMillis\": 3600000"));
        Instant before = Instant.now();
        InstanceId instance = accepted(requestFor("a").build()).id();
        assertThat(found(instance).state()).isEqualTo(Instance.State.STARTING);

        clock.jump(Duration.ofHours(1));

        Await.until("start", () -> found(instance).state() == Instance.State.RUNNING);
        assertThat(found(instance).startedAt()).isBetween(before.minusSeconds(1), Instant.now());
    }

    @Test
    void aJumpOfTheDecisionClockMovesStockScripts() {
        admin.define(REGION, spec("{\"schedule\": [{\"afterSeconds\": 600, \"instances\": 1}]}", ""));
        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Refused.class);

        clock.jump(Duration.ofMinutes(10));

        accepted(requestFor("a").build());
    }

    @Test
    void aRefusalTakesItsTimeAndHoldsNobodyElseUp() {
        admin.define(REGION, spec("{\"constant\": 0}", ", \"refusalLatencyMillis\": 300"));
        long start = System.nanoTime();

        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Refused.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void stockDelaysAndOutageChangeWhileItRuns() {
        admin.define(REGION, spec("{\"constant\": 0}", ""));
        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Refused.class);

        admin.setStock(REGION, OfferSelector.ofModel("L20"), 1);
        admin.setDelays(REGION, new Behaviour.Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        InstanceId instance = accepted(requestFor("a").build()).id();
        Await.until("start", () -> found(instance).state() == Instance.State.RUNNING);

        admin.setOutage(REGION, new Outage.Unavailable());
        assertThat(backend.describe(instance)).isInstanceOf(FindAnswer.Unknown.class);
        admin.setOutage(REGION, new Outage.None());
        assertThat(found(instance).state()).isEqualTo(Instance.State.RUNNING);
    }

    @Test
    void whoAdministersWhatIsNotThereIsTold() {
        assertThatThrownBy(() -> admin.setStock(REGION, OfferSelector.ANY, 1))
                .isInstanceOf(MalformedException.class)
                .hasMessage("Region region-a is not defined here; define it first.");
        admin.define(REGION, spec("{\"constant\": 0}", ""));
        assertThatThrownBy(() -> admin.happen(REGION, new InstanceId("i-1"), Happening.FAIL))
                .isInstanceOf(MalformedException.class)
                .hasMessage("Region region-a has no instance i-1.");
    }

    @Test
    void historyAndStatisticsTellWhatHappened() {
        admin.define(REGION, spec("{\"constant\": 1}", ", \"terminationDelayMillis\": 0"));
        AcquireRequest request = requestFor("a").build();
        InstanceId instance = accepted(request).id();
        backend.acquire(requestFor("b").build());
        backend.terminate(instance);

        HistoryEntry entry = admin.history().getFirst();
        assertThat(entry.token()).isEqualTo(request.token());
        assertThat(entry.instance().id()).isEqualTo(instance);
        assertThat(entry.instance().state()).isEqualTo(Instance.State.GONE);
        assertThat(entry.terminatedAt()).isNotNull().isEqualTo(entry.releasedAt());
        assertThat(admin.acquireCounts())
                .isEqualTo(Map.of(
                        request.offer(),
                        Map.of(AcquireCall.Outcome.ACCEPTED, 1L, AcquireCall.Outcome.OUT_OF_STOCK, 1L)));
        assertThat(admin.acquireCallsAfter(1)).singleElement().satisfies(call -> {
            assertThat(call.outcome()).isEqualTo(AcquireCall.Outcome.OUT_OF_STOCK);
            assertThat(call.pod().value()).isEqualTo("uid-b");
            assertThat(call.instance()).isNull();
        });
    }

    private static final class HandFedSource implements RegionSource {
        private RegionSource.Listener listener = new NobodyListens();
        private boolean isClosed;

        @Override
        public void start(Listener changed) {
            listener = changed;
        }

        String declare(JsonNode spec) {
            return listener.declared(REGION, spec);
        }

        void remove() {
            listener.removed(REGION);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static final class NobodyListens implements RegionSource.Listener {
        @Override
        public String declared(RegionId region, JsonNode spec) {
            throw new AssertionError("not started");
        }

        @Override
        public void removed(RegionId region) {
            throw new AssertionError("not started");
        }
    }

    private static JsonNode spec(String script, String more) {
        try {
            return new ObjectMapper().readTree("""
                {"zones": [{"id": "region-a-1"}], "backend": {"type": "Simulated", "simulated":
                 {"stock": [{"gpuModel": "L20", "script": %s}]%s}}}
                """.formatted(script, more));
        } catch (JsonProcessingException mistake) {
            throw new AssertionError(script, mistake);
        }
    }

    private Instance accepted(AcquireRequest request) {
        AcquireAnswer answer = backend.acquire(request);
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }

    private Instance found(InstanceId instance) {
        FindAnswer answer = backend.describe(instance);
        assertThat(answer).isInstanceOf(FindAnswer.Found.class);
        return ((FindAnswer.Found) answer).instance();
    }
}
