package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.RegionsWire;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What whoever runs the simulation calls: definitions, stock, outages, delays, faults, and what happened so far. No cluster calls
 * this, and no outage touches it.
 */
final class AdminApi implements HttpService {
    private static final int MOST_INSTANCES = 1_000_000;

    private final SharedRegions regions;
    private final RegionDefinitionReader reader;

    AdminApi(SharedRegions regions, RegionDefinitionReader reader) {
        this.regions = regions;
        this.reader = reader;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/regions", this::listRegions)
                .put("/regions/{region}", this::define)
                .delete("/regions/{region}", this::undefine)
                .get("/regions/{region}/stock", defined(this::stock))
                .put("/regions/{region}/stock", defined(this::setStock))
                .put("/regions/{region}/outage", defined(this::setOutage))
                .put("/regions/{region}/delays", defined(this::setDelays))
                .put("/regions/{region}/faults", defined(this::setFaults))
                .post("/regions/{region}/instances/{instance}/fail", happening(Happening.FAIL))
                .post("/regions/{region}/instances/{instance}/complete", happening(Happening.COMPLETE))
                .post("/regions/{region}/instances/{instance}/reclaim", happening(Happening.RECLAIM))
                .post("/regions/{region}/instances/{instance}/reclaim-soon", happening(Happening.RECLAIM_SOON))
                .get("/history", this::history)
                .get("/statistics", this::statistics)
                .get("/calls", this::calls);
    }

    private void listRegions(ServerRequest request, ServerResponse response) {
        ObjectNode body = JsonReplies.object();
        ArrayNode list = body.putArray("regions");
        regions.at((all, now) -> {
            for (RegionId region : all.regions()) {
                Optional<RegionDefinition> definition = all.definition(region);
                ObjectNode one = list.addObject()
                        .put("region", region.value())
                        .put("defined", definition.isPresent())
                        .put("problem", all.problem(region));
                ArrayNode zones = one.putArray("zones");
                definition.map(RegionDefinition::zones).orElse(List.of()).stream()
                        .map(ZoneId::value)
                        .forEach(zones::add);
            }
            return body;
        });
        JsonReplies.send(response, 200, body);
    }

    private void define(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        RegionDefinition definition =
                reader.read(region, JsonReplies.body(request).node());
        regions.change((all, now) -> all.define(region, definition, now));
        done(response);
    }

    private void undefine(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        regions.change((all, now) -> all.undefine(region, now));
        done(response);
    }

    private void stock(ServerRequest request, ServerResponse response) {
        ObjectNode body = JsonReplies.object();
        ArrayNode lines = body.putArray("stock");
        for (StockLevel level : regions.at((all, now) -> all.stock(region(request), now))) {
            ObjectNode line = lines.addObject();
            OfferSelector offers = level.line().selector();
            ArrayNode zones = line.putArray("zones");
            offers.zones().forEach(zone -> zones.add(zone.value()));
            line.put("computeClass", offers.computeClass())
                    .put("computeQos", offers.computeQos())
                    .put("gpuModel", offers.gpuModel())
                    .put("spot", offers.spot())
                    .put("overridden", level.overridden())
                    .put("instances", level.instances())
                    .put("held", level.held())
                    .put("free", level.free())
                    .put("microsUsdPerHour", level.line().microsUsdPerHour());
        }
        JsonReplies.send(response, 200, body);
    }

    private void setStock(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        JsonFields json =
                JsonReplies.body(request).only("zones", "computeClass", "computeQos", "gpuModel", "spot", "instances");
        List<ZoneId> zones = regions.at((all, now) ->
                all.definition(region).map(RegionDefinition::zones).orElse(List.of()));
        OfferSelector offers = RegionDefinitionReader.selector(json, zones);
        int instances = (int) json.integer("instances", 0, MOST_INSTANCES);
        regions.change((all, now) -> all.setStock(region, offers, instances, now));
        done(response);
    }

    private void setOutage(ServerRequest request, ServerResponse response) {
        JsonFields json = JsonReplies.body(request).only("outage", "retryAfterMillis");
        Outage outage = RegionDefinitionReader.outage(json, "outage");
        behave(region(request), was -> was.with(outage));
        done(response);
    }

    private void setDelays(ServerRequest request, ServerResponse response) {
        JsonFields json = JsonReplies.body(request)
                .only("startupDelayMillis", "refusalLatencyMillis", "acceptLatencyMillis", "terminationDelayMillis");
        behave(region(request), was -> was.with(RegionDefinitionReader.delays(json, was.delays())));
        done(response);
    }

    private void setFaults(ServerRequest request, ServerResponse response) {
        JsonFields json = JsonReplies.body(request).only("loseAnswersPerMille", "failAfterAcceptPerMille");
        behave(region(request), was -> was.with(RegionDefinitionReader.faults(json, was.faults())));
        done(response);
    }

    private void behave(RegionId region, UnaryOperator<Behaviour> change) {
        regions.change((all, now) -> all.behave(region, change.apply(all.behaviour(region)), now));
    }

    private Handler happening(Happening happening) {
        return (request, response) -> {
            RegionId region = region(request);
            InstanceId instance = new InstanceId(JsonReplies.pathText(request, "instance"));
            switch (regions.at((all, now) -> all.happen(region, instance, happening, now))) {
                case DONE -> done(response);
                case ALREADY_ENDED ->
                    JsonReplies.sendError(
                            response, ErrorCode.ALREADY_ENDED, "Instance %s has ended.".formatted(instance));
                case NO_SUCH_INSTANCE ->
                    JsonReplies.sendError(
                            response,
                            ErrorCode.INSTANCE_NOT_FOUND,
                            "Region %s has no instance %s.".formatted(region, instance));
            }
        };
    }

    private void history(ServerRequest request, ServerResponse response) {
        @Nullable String cluster = request.query().first("cluster").orElse(null);
        ObjectNode body = JsonReplies.object();
        ArrayNode instances = body.putArray("instances");
        regions.at((all, now) -> {
            for (HistoryEntry entry : all.history()) {
                if (cluster == null || entry.instance().tags().clusterId().equals(cluster)) {
                    ObjectNode one = RegionsWire.write(entry.instance(), entry.token());
                    one.put("acceptedAt", entry.acceptedAt().toString())
                            .put("terminatedAt", Objects.toString(entry.terminatedAt(), null))
                            .put("releasedAt", Objects.toString(entry.releasedAt(), null))
                            .put("microsUsdPerHour", entry.microsUsdPerHour())
                            .put("costMicrosUsd", entry.costMicrosUsd(now));
                    instances.add(one);
                }
            }
            return body;
        });
        JsonReplies.send(response, 200, body);
    }

    private void statistics(ServerRequest request, ServerResponse response) {
        ObjectNode body = JsonReplies.object();
        ArrayNode acquires = body.putArray("acquires");
        Map<Offer, Map<AcquireCall.Outcome, Long>> counts = regions.at((all, now) -> all.acquireCounts());
        counts.forEach((offer, outcomes) -> {
            ObjectNode one = acquires.addObject();
            put(one, offer);
            ObjectNode numbers = one.putObject("outcomes");
            outcomes.forEach((outcome, number) -> numbers.put(outcome.name(), number));
        });
        JsonReplies.send(response, 200, body);
    }

    private void calls(ServerRequest request, ServerResponse response) {
        long after = JsonReplies.queryNumber(request, "after", 0);
        ObjectNode body = JsonReplies.object();
        ArrayNode calls = body.putArray("calls");
        for (AcquireCall call : regions.at((all, now) -> all.acquireCallsAfter(after))) {
            ObjectNode one = calls.addObject()
                    .put("number", call.number())
                    .put("at", call.at().toString());
            put(one, call.offer());
            one.put("podUid", call.pod().value())
                    .put("outcome", call.outcome().name())
                    .put(
                            "instance",
                            call.instance() == null ? null : call.instance().value());
        }
        JsonReplies.send(response, 200, body);
    }

    private static void put(ObjectNode json, Offer offer) {
        json.put("region", offer.region().value())
                .put("zone", offer.zone().value())
                .put("computeClass", offer.computeClass())
                .put("computeQos", offer.computeQos())
                .put("gpuModel", offer.gpuModel())
                .put("spot", offer.spot());
    }

    private Handler defined(Handler handler) {
        return (request, response) -> {
            RegionId region = region(request);
            if (regions.at((all, now) -> all.definition(region).isPresent())) {
                handler.handle(request, response);
            } else {
                JsonReplies.sendError(
                        response,
                        ErrorCode.REGION_NOT_DEFINED,
                        "Region %s is not defined here; define it first.".formatted(region));
            }
        };
    }

    private static void done(ServerResponse response) {
        JsonReplies.send(response, 200, JsonReplies.object());
    }

    private static RegionId region(ServerRequest request) {
        return new RegionId(JsonReplies.pathText(request, "region"));
    }
}
