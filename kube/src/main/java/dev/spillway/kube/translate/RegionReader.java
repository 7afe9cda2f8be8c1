package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Region object as a record, without the scripts of simulated regions, which are nobody's business but the simulated
 * regions' server's. What is malformed is told as the event's problem.
 */
final class RegionReader {
    // Defaults of the CRD, for an object that came past a server without it.
    private static final int MAX_PODS = 10_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    private static final String SPEC = "spec";
    private static final String BACKEND = "spec.backend";

    private final Fields fields = new Fields();

    private RegionReader() {}

    static Event.RegionSeen read(JsonNode object) {
        var reader = new RegionReader();
        var region = reader.region(object);
        return new Event.RegionSeen(region, reader.fields.problem());
    }

    private Region region(JsonNode object) {
        var spec = object.path(SPEC);
        if (!spec.isObject()) {
            fields.wrong(SPEC, spec, "give the Region a spec with zones and a backend");
        }
        var metadata = object.path("metadata");
        return new Region(
                new RegionId(Decoder.name(object)),
                metadata.path("generation").asLong(),
                Timestamps.epochSeconds(metadata.path("creationTimestamp").asText()),
                fields.flag(spec, SPEC, "default", false),
                zones(spec),
                offers(spec),
                Fields.isAbsent(spec.path("allowedNamespaces"))
                        ? List.of("*")
                        : fields.texts(spec, SPEC, "allowedNamespaces"),
                fields.flag(spec, SPEC, "lost", false),
                fields.number(spec, SPEC, "maxPods", MAX_PODS, 1, 100_000),
                Duration.ofSeconds(fields.number(
                        spec, SPEC, "outagePatienceSeconds", (int) Region.OUTAGE_PATIENCE.toSeconds(), 0, 86_400)),
                backend(spec.path("backend")));
    }

    private List<ZoneId> zones(JsonNode spec) {
        var zones = new ArrayList<ZoneId>();
        for (var zone : fields.list(spec, SPEC, "zones")) {
            var path = "spec.zones[%d]".formatted(zones.size());
            var id = fields.text(zone, path, "id", "");
            if (id.isEmpty()) {
                fields.wrong(path + ".id", zone.path("id"), "name the zone");
            }
            zones.add(new ZoneId(id));
        }
        if (zones.isEmpty()) {
            fields.wrong("spec.zones", spec.path("zones"), "name at least one zone");
        }
        return zones;
    }

    private List<Region.OfferRule> offers(JsonNode spec) {
        var offers = new ArrayList<Region.OfferRule>();
        for (var offer : fields.list(spec, SPEC, "offers")) {
            var path = "spec.offers[%d]".formatted(offers.size());
            offers.add(new Region.OfferRule(
                    fields.texts(offer, path, "zones").stream().map(ZoneId::new).toList(),
                    fields.text(offer, path, "computeClass", "general-purpose"),
                    fields.text(offer, path, "computeQos", "default"),
                    fields.text(offer, path, "gpuModel", ""),
                    fields.flag(offer, path, "spot", false)));
        }
        return offers;
    }

    private Region.Backend backend(JsonNode backend) {
        var type = fields.text(backend, BACKEND, "type", "");
        if (type.isEmpty()) {
            fields.wrong("spec.backend.type", backend.path("type"), "name the type of backend, such as Simulated");
        }
        return new Region.Backend(
                type,
                fields.text(backend, BACKEND, "endpoint", ""),
                fields.number(backend, BACKEND, "requestTimeoutMillis", REQUEST_TIMEOUT_MILLIS, 1, 600_000),
                settings(type, backend));
    }

    /** The block named as the type is, {@code kubernetes} for Kubernetes; a simulated region's is the simulated regions' server's business. */
    private static String settings(String type, JsonNode backend) {
        if (type.isEmpty() || type.equals("Simulated")) {
            return "";
        }
        var settings = backend.path(Character.toLowerCase(type.charAt(0)) + type.substring(1));
        return settings.isObject() ? settings.toString() : "";
    }
}
