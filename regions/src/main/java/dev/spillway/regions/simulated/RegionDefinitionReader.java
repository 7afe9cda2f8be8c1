package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.simulated.StockScript.Schedule.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a region is declared to be from the {@code spec} of its Region object: {@code zones}, {@code offers} and
 * {@code backend.simulated}; other fields of the spec are the cluster's business. Within {@code simulated} an unknown field is an
 * error, so that a misspelt one does not go unnoticed. Bounds and defaults are those of the Region's schema, checked again
 * because definitions also come without it.
 */
public final class RegionDefinitionReader {
    private static final int WORD = 63;
    private static final int MOST_ZONES = 50;
    private static final int MOST_LINES = 64;
    private static final int MOST_STEPS = 100;
    private static final int MOST_INSTANCES = 1_000_000;
    private static final long MOST_STARTUP_MILLIS = 3_600_000;
    private static final long MOST_LATENCY_MILLIS = 600_000;
    private static final long TEN_YEARS_SECONDS = 315_360_000;
    /** A million dollars an hour. */
    private static final long MOST_PRICE = 1_000_000_000_000L;

    private final Function<String, StockTrace> traces;

    /** Reads trace files through {@code traces}, which is given a path and fails with a {@link MalformedException}. */
    public RegionDefinitionReader(Function<String, StockTrace> traces) {
        this.traces = traces;
    }

    /** Reads a region's spec; {@link MalformedException} names the field that is wrong and what it must be. */
    public RegionDefinition read(RegionId region, JsonNode spec) {
        JsonFields json = JsonFields.of("Region %s: spec".formatted(region), spec);
        List<ZoneId> zones = zones(json);
        List<OfferSelector> offers = json.objects("offers", MOST_LINES).stream()
                .map(offer -> offer(offer, zones))
                .toList();
        JsonFields backend = json.optionalObject("backend");
        JsonFields simulated = backend == null ? null : backend.optionalObject("simulated");
        if (simulated == null) {
            return new RegionDefinition(zones, offers, List.of(), Behaviour.DEFAULT);
        }
        simulated.only(
                "stock",
                "startupDelayMillis",
                "refusalLatencyMillis",
                "acceptLatencyMillis",
                "terminationDelayMillis",
                "outage",
                "loseAnswersPerMille",
                "failAfterAcceptPerMille",
                "settleMillis",
                "quota",
                "runSeconds",
                "seed");
        List<StockLine> stock = simulated.objects("stock", MOST_LINES).stream()
                .map(line -> line(line, zones))
                .toList();
        return new RegionDefinition(zones, offers, stock, behaviour(simulated));
    }

    private static List<ZoneId> zones(JsonFields json) {
        List<ZoneId> zones = new ArrayList<>();
        Set<ZoneId> seen = new HashSet<>();
        for (JsonFields zone : json.objects("zones", MOST_ZONES)) {
            ZoneId id = new ZoneId(zone.text("id", WORD));
            if (!seen.add(id)) {
                throw new MalformedException(
                        "%s is %s for the second time; name each zone once.".formatted(zone.path("id"), id));
            }
            zones.add(id);
        }
        if (zones.isEmpty()) {
            throw new MalformedException("%s is missing or empty; name at least one zone, such as [{\"id\": \"%s\"}]."
                    .formatted(json.path("zones"), "zone-a"));
        }
        return zones;
    }

    private static OfferSelector offer(JsonFields json, List<ZoneId> zones) {
        return new OfferSelector(
                knownZones(json, zones),
                Objects.requireNonNullElse(json.optionalText("computeClass", WORD), "general-purpose"),
                Objects.requireNonNullElse(json.optionalText("computeQos", WORD), "default"),
                Objects.requireNonNullElse(json.optionalText("gpuModel", WORD), ""),
                Objects.requireNonNullElse(json.optionalFlag("spot"), false));
    }

    /** Reads which offers a line speaks of; an absent field, or model {@code *}, matches anything. */
    static OfferSelector selector(JsonFields json, List<ZoneId> zones) {
        String model = json.optionalText("gpuModel", WORD);
        return new OfferSelector(
                knownZones(json, zones),
                json.optionalText("computeClass", WORD),
                json.optionalText("computeQos", WORD),
                "*".equals(model) ? null : model,
                json.optionalFlag("spot"));
    }

    private static List<ZoneId> knownZones(JsonFields json, List<ZoneId> zones) {
        List<ZoneId> named =
                json.texts("zones", MOST_ZONES, WORD).stream().map(ZoneId::new).toList();
        for (ZoneId zone : named) {
            if (!zones.contains(zone)) {
                throw new MalformedException("%s names zone %s, which the region does not have; it has %s."
                        .formatted(json.path("zones"), zone, zones));
            }
        }
        return named;
    }

    private StockLine line(JsonFields json, List<ZoneId> zones) {
        json.only(
                "zones", "computeClass", "computeQos", "gpuModel", "spot", "script", "microsUsdPerHour", "runSeconds");
        if (!json.has("script")) {
            throw new MalformedException(
                    "%s is missing; give a script such as {\"constant\": 5}.".formatted(json.path("script")));
        }
        return new StockLine(
                selector(json, zones),
                script(json.object("script")),
                json.integer("microsUsdPerHour", 0, MOST_PRICE, 0),
                runTime(json));
    }

    private StockScript script(JsonFields json) {
        json.only("constant", "schedule", "random", "trace");
        List<String> forms = List.of("constant", "schedule", "random", "trace").stream()
                .filter(json::has)
                .toList();
        if (forms.size() != 1) {
            throw new MalformedException("%s must have exactly one of constant, schedule, random and trace; it has %s."
                    .formatted(json.path(), forms.isEmpty() ? "none" : String.join(" and ", forms)));
        }
        return switch (forms.getFirst()) {
            case "constant" -> new StockScript.Constant((int) json.integer("constant", 0, MOST_INSTANCES));
            case "schedule" -> schedule(json);
            case "random" -> random(json.object("random"));
            default -> trace(json.object("trace"));
        };
    }

    private static StockScript schedule(JsonFields json) {
        List<Step> steps = json.objects("schedule", MOST_STEPS).stream()
                .map(step -> step.only("afterSeconds", "instances"))
                .map(step -> new Step(Duration.ofSeconds(step.integer("afterSeconds", 0, TEN_YEARS_SECONDS)), (int)
                        step.integer("instances", 0, MOST_INSTANCES)))
                .toList();
        if (steps.isEmpty()) {
            throw new MalformedException(
                    "%s is empty; give at least one step such as {\"afterSeconds\": 0, \"instances\": 5}."
                            .formatted(json.path("schedule")));
        }
        try {
            return new StockScript.Schedule(steps);
        } catch (IllegalArgumentException outOfOrder) {
            throw new MalformedException(
                    "%s: %s".formatted(json.path("schedule"), outOfOrder.getMessage()), outOfOrder);
        }
    }

    private static StockScript random(JsonFields json) {
        json.only("seed", "meanAvailableSeconds", "meanSoldOutSeconds", "instances");
        return new StockScript.SeededRandom(
                json.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1),
                Duration.ofSeconds(json.integer("meanAvailableSeconds", 1, TEN_YEARS_SECONDS)),
                Duration.ofSeconds(json.integer("meanSoldOutSeconds", 1, TEN_YEARS_SECONDS)),
                (int) json.integer("instances", 1, MOST_INSTANCES));
    }

    private StockScript trace(JsonFields json) {
        json.only("file", "instancesWhenAvailable", "speed");
        StockTrace recording;
        try {
            recording = traces.apply(json.text("file", 4096));
        } catch (MalformedException malformed) {
            throw new MalformedException("%s: %s".formatted(json.path("file"), malformed.getMessage()), malformed);
        }
        return new StockScript.Trace(
                recording, (int) json.integer("instancesWhenAvailable", 1, MOST_INSTANCES, 1), (int)
                        json.integer("speed", 1, 1_000_000, 1));
    }

    private static Behaviour behaviour(JsonFields json) {
        return new Behaviour(
                delays(json, Behaviour.Delays.DEFAULT),
                faults(json, Behaviour.Faults.NONE),
                json.has("outage") ? outage(json, "outage") : new Outage.None(),
                Duration.ofMillis(json.integer("settleMillis", 0, MOST_STARTUP_MILLIS, 0)),
                (int) json.integer("quota", 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
                runTime(json),
                json.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1));
    }

    /** Reads delays; an absent one stays as it was. */
    static Behaviour.Delays delays(JsonFields json, Behaviour.Delays was) {
        return new Behaviour.Delays(
                millis(json, "startupDelayMillis", MOST_STARTUP_MILLIS, was.startup()),
                millis(json, "refusalLatencyMillis", MOST_LATENCY_MILLIS, was.refusalLatency()),
                millis(json, "acceptLatencyMillis", MOST_LATENCY_MILLIS, was.acceptLatency()),
                millis(json, "terminationDelayMillis", MOST_LATENCY_MILLIS, was.termination()));
    }

    /** Reads faults; an absent one stays as it was. */
    static Behaviour.Faults faults(JsonFields json, Behaviour.Faults was) {
        return new Behaviour.Faults((int) json.integer("loseAnswersPerMille", 0, 1000, was.loseAnswersPerMille()), (int)
                json.integer("failAfterAcceptPerMille", 0, 1000, was.failAfterAcceptPerMille()));
    }

    /** Reads an outage: None, Unavailable, Unauthorised, Throttled (with {@code retryAfterMillis}, a second by default) or Hang. */
    static Outage outage(JsonFields json, String field) {
        String word = json.text(field, WORD);
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none" -> new Outage.None();
            case "unavailable" -> new Outage.Unavailable();
            case "unauthorised" -> new Outage.Unauthorised();
            case "throttled" ->
                new Outage.Throttled(Duration.ofMillis(json.integer("retryAfterMillis", 0, MOST_LATENCY_MILLIS, 1000)));
            case "hang" -> new Outage.Hang();
            default ->
                throw new MalformedException(
                        "%s must be one of None, Unavailable, Unauthorised, Throttled and Hang; it is %s."
                                .formatted(json.path(field), word));
        };
    }

    private static Duration millis(JsonFields json, String field, long most, Duration byDefault) {
        return Duration.ofMillis(json.integer(field, 0, most, byDefault.toMillis()));
    }

    private static @Nullable Duration runTime(JsonFields json) {
        return json.has("runSeconds") ? Duration.ofSeconds(json.integer("runSeconds", 0, TEN_YEARS_SECONDS)) : null;
    }
}
