package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.protocol.RegionsWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Administers a server of simulated regions from another place, over HTTP: for whoever runs a simulation, never for a controller.
 * Thread-safe; every call blocks for 10 s at most.
 *
 * <p>What the server rejects is a {@link MalformedException} with the server's text; a server that does not answer is an
 * {@link UncheckedIOException} that names it.
 */
public final class SimulatedRegionsAdmin implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MOST = Integer.MAX_VALUE;

    private final URI endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    /** For the server at a base URL such as {@code http://127.0.0.1:8087}. */
    public SimulatedRegionsAdmin(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Defines a region by the {@code spec} of a Region object. */
    public void define(RegionId region, JsonNode spec) {
        put(of(region), spec);
    }

    /** Takes a region's definition away. */
    public void undefine(RegionId region) {
        call(request(of(region)).DELETE());
    }

    /** Sets the instances in all of some offers, until the region's definition changes. */
    public void setStock(RegionId region, OfferSelector offers, int instances) {
        ObjectNode json = JsonReplies.object().put("instances", instances);
        ArrayNode zones = json.putArray("zones");
        offers.zones().forEach(zone -> zones.add(zone.value()));
        json.put("computeClass", offers.computeClass())
                .put("computeQos", offers.computeQos())
                .put("gpuModel", offers.gpuModel())
                .put("spot", offers.spot());
        put(of(region) + "/stock", json);
    }

    /** Sets what is wrong with a region, until its definition changes. */
    public void setOutage(RegionId region, Outage outage) {
        ObjectNode json = JsonReplies.object();
        switch (outage) {
            case Outage.None() -> json.put("outage", "None");
            case Outage.Unavailable() -> json.put("outage", "Unavailable");
            case Outage.Unauthorised() -> json.put("outage", "Unauthorised");
            case Outage.Throttled(Duration retryAfter) ->
                json.put("outage", "Throttled").put("retryAfterMillis", retryAfter.toMillis());
            case Outage.Hang() -> json.put("outage", "Hang");
        }
        put(of(region) + "/outage", json);
    }

    /** Sets how long things take, until the region's definition changes. */
    public void setDelays(RegionId region, Behaviour.Delays delays) {
        put(
                of(region) + "/delays",
                JsonReplies.object()
                        .put("startupDelayMillis", delays.startup().toMillis())
                        .put("refusalLatencyMillis", delays.refusalLatency().toMillis())
                        .put("acceptLatencyMillis", delays.acceptLatency().toMillis())
                        .put("terminationDelayMillis", delays.termination().toMillis()));
    }

    /** Sets how often things go wrong, until the region's definition changes. */
    public void setFaults(RegionId region, Behaviour.Faults faults) {
        put(
                of(region) + "/faults",
                JsonReplies.object()
                        .put("loseAnswersPerMille", faults.loseAnswersPerMille())
                        .put("failAfterAcceptPerMille", faults.failAfterAcceptPerMille()));
    }

    /** Makes something happen to an instance; one that is unknown or has ended is a {@link MalformedException}. */
    public void happen(RegionId region, InstanceId instance, Happening happening) {
        String word = switch (happening) {
            case FAIL -> "fail";
            case COMPLETE -> "complete";
            case RECLAIM -> "reclaim";
            case RECLAIM_SOON -> "reclaim-soon";
        };
        call(request("%s/instances/%s/%s".formatted(of(region), encoded(instance.value()), word))
                .POST(BodyPublishers.noBody()));
    }

    /** Every instance that ever was, of all clusters, by region and then in order of acceptance. */
    public List<HistoryEntry> history() {
        return call(request("/v1/history").GET()).objects("instances", MOST).stream()
                .map(one -> {
                    var instance = RegionsWire.readInstance(one);
                    return new HistoryEntry(
                            instance.tags().offer().region(),
                            RegionsWire.readToken(one, "token"),
                            instance,
                            Instant.parse(one.text("acceptedAt", RegionsWire.WORD)),
                            instant(one.optionalText("terminatedAt", RegionsWire.WORD)),
                            instant(one.optionalText("releasedAt", RegionsWire.WORD)),
                            one.integer("microsUsdPerHour", 0, Long.MAX_VALUE));
                })
                .toList();
    }

    /** Calls of acquire by offer and outcome, in order of both. */
    public Map<Offer, Map<AcquireCall.Outcome, Long>> acquireCounts() {
        TreeMap<Offer, Map<AcquireCall.Outcome, Long>> counts = new TreeMap<>();
        for (JsonFields one : call(request("/v1/statistics").GET()).objects("acquires", MOST)) {
            JsonFields numbers = one.object("outcomes");
            Map<AcquireCall.Outcome, Long> byOutcome = new EnumMap<>(AcquireCall.Outcome.class);
            for (AcquireCall.Outcome outcome : AcquireCall.Outcome.values()) {
                if (numbers.has(outcome.name())) {
                    byOutcome.put(outcome, numbers.integer(outcome.name(), 0, Long.MAX_VALUE));
                }
            }
            counts.put(offer(one), byOutcome);
        }
        return counts;
    }

    /** The latest calls of acquire after a number, in order. */
    public List<AcquireCall> acquireCallsAfter(long number) {
        return call(request("/v1/calls?after=" + number).GET()).objects("calls", MOST).stream()
                .map(one -> {
                    String instance = one.optionalText("instance", RegionsWire.WORD);
                    return new AcquireCall(
                            one.integer("number", 1, Long.MAX_VALUE),
                            Instant.parse(one.text("at", RegionsWire.WORD)),
                            offer(one),
                            new PodUid(one.text("podUid", RegionsWire.WORD)),
                            AcquireCall.Outcome.valueOf(one.text("outcome", RegionsWire.WORD)),
                            instance == null ? null : new InstanceId(instance));
                })
                .toList();
    }

    private static Offer offer(JsonFields json) {
        String model = json.optionalText("gpuModel", RegionsWire.WORD);
        return new Offer(
                new RegionId(json.text("region", RegionsWire.WORD)),
                new ZoneId(json.text("zone", RegionsWire.WORD)),
                json.text("computeClass", RegionsWire.WORD),
                json.text("computeQos", RegionsWire.WORD),
                model == null ? "" : model,
                Boolean.TRUE.equals(json.optionalFlag("spot")));
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private void put(String path, JsonNode body) {
        call(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(DEADLINE);
    }

    private JsonFields call(HttpRequest.Builder request) {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "The simulated regions at %s do not answer (%s); start them, or correct the address."
                            .formatted(endpoint, failed),
                    failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while calling %s.".formatted(endpoint), interrupted);
        }
        JsonFields json = JsonFields.parse("The answer of " + endpoint, response.body());
        if (response.statusCode() != 200) {
            JsonFields error = json.object("error");
            throw new MalformedException(RegionsWire.readMessage(error, "message"));
        }
        return json;
    }

    private static String of(RegionId region) {
        return "/v1/regions/" + encoded(region.value());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
