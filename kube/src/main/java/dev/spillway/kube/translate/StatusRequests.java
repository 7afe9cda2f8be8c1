package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Status of Region and ResourcePolicy objects. The status in place is read first: conditions keep their time of
 * transition, and where nothing differs nothing is written. Nobody else writes these, so the write is unconditional.
 */
final class StatusRequests {
    private static final int LONGEST_SUMMARY = 1024; // the CRDs' limit
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    /** Written by {@link ReserveRequests} alone. */
    private static final String RESERVED = "reserved";

    private StatusRequests() {}

    static Exchange<WriteAnswer> region(RegionId region, RegionStatus status, Instant wallNow) {
        return replace(Kind.REGIONS.path("", region.value()), object -> regionStatus(status, object, wallNow));
    }

    static Exchange<WriteAnswer> policy(PolicyKey policy, PolicyStatus status, Instant wallNow) {
        return replace(
                Kind.RESOURCE_POLICIES.path(policy.namespace(), policy.name()),
                object -> policyStatus(status, object, wallNow));
    }

    private static Exchange<WriteAnswer> replace(String path, Function<JsonNode, ObjectNode> desiredFor) {
        return new Exchange.Ask<>(ApiRequest.get(path), found -> {
            if (!found.isSuccess()) {
                return Exchange.told(Answers.write(found));
            }
            var object = Json.parse(found.body());
            var before = object.path("status");
            var desired = desiredFor.apply(object);
            // Read back, since equality of Jackson's numbers depends on how they were made.
            if (Json.parse(desired.toString()).equals(withoutReserved(before))) {
                return Exchange.told(new WriteAnswer.Done());
            }
            before.fieldNames().forEachRemaining(field -> {
                if (!desired.has(field) && !field.equals(RESERVED)) {
                    desired.putNull(field); // a merge patch keeps what it does not name
                }
            });
            var patch = Json.object();
            patch.set("status", desired);
            return Exchange.once(ApiRequest.mergePatch(path + "/status", patch), Answers::write);
        });
    }

    private static JsonNode withoutReserved(JsonNode status) {
        return status instanceof ObjectNode object ? object.deepCopy().without(RESERVED) : status;
    }

    private static ObjectNode regionStatus(RegionStatus status, JsonNode region, Instant wallNow) {
        var json = Json.object().put("observedGeneration", status.generation());
        var conditions = new ConditionList(region.path("status").path("conditions"), wallNow);
        add(conditions, "Accepted", status.accepted(), status.generation());
        add(conditions, "Reachable", status.reachable(), status.generation());
        addReady(conditions, ready(status), !status.accepted().status(), status.generation());
        json.set("conditions", conditions.json());
        json.put("instances", status.instances());
        json.set(
                "virtualNodes",
                Json.strings(status.nodes().stream().map(NodeName::value).toList()));
        json.set("stock", stock(status));
        json.put(
                "zonesSummary",
                oneLine(texts(region.path("spec").path("zones"), "id").collect(Collectors.joining(", "))));
        json.put("stockSummary", oneLine(stockSummary(status)));
        return json;
    }

    /** In one condition, for whoever knows no other: what is missing first, if anything. */
    private static RegionStatus.Verdict ready(RegionStatus status) {
        if (!status.accepted().status()) {
            return status.accepted();
        }
        return status.reachable().status() ? new RegionStatus.Verdict(true, "Ready", "") : status.reachable();
    }

    private static ArrayNode stock(RegionStatus status) {
        var list = Json.array();
        for (var line : status.stock()) {
            var offer = line.offer();
            var json = list.addObject()
                    .put("zone", offer.zone().value())
                    .put("computeClass", offer.computeClass())
                    .put("computeQos", offer.computeQos());
            if (!offer.gpuModel().isEmpty()) {
                json.put("gpuModel", offer.gpuModel());
            }
            json.put("spot", offer.spot()).put("state", line.state());
            if (line.until() != null) {
                json.put("until", Timestamps.seconds(line.until()));
            }
            json.put("observedAt", Timestamps.seconds(line.observedAt()));
        }
        return list;
    }

    /** One entry per product, with the state of its best zone: {@code L20 open, T4 sold out}. */
    private static String stockSummary(RegionStatus status) {
        var stateByProduct = new TreeMap<String, String>();
        for (var line : status.stock()) {
            var offer = line.offer();
            var product = offer.gpuModel().isEmpty() ? offer.computeClass() : offer.gpuModel();
            var state = CAPITAL.matcher(line.state()).replaceAll(" $0").strip().toLowerCase(Locale.ROOT);
            stateByProduct.merge(
                    offer.spot() ? product + "/spot" : product,
                    state,
                    (one, other) -> other.equals("open") ? other : one);
        }
        return stateByProduct.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static ObjectNode policyStatus(PolicyStatus status, JsonNode policy, Instant wallNow) {
        var json = Json.object().put("observedGeneration", status.generation());
        var conditions = new ConditionList(policy.path("status").path("conditions"), wallNow);
        addReady(conditions, status.ready(), !status.ready().status(), status.generation());
        if (status.consistent() != null) {
            add(conditions, "Consistent", status.consistent(), status.generation());
        }
        json.set("conditions", conditions.json());
        var units = json.putArray("units");
        for (var unit : status.units()) {
            var line = units.addObject()
                    .put("index", unit.index())
                    .put("count", unit.count())
                    .put("nodes", unit.nodes());
            if (unit.max() != null) {
                line.put("max", unit.max());
            }
        }
        json.put("summary", oneLine(unitSummary(status, policy.path("spec").path("units"))));
        return json;
    }

    /** The units in order, with their pods, caps and nodes: {@code cn-hangzhou/L20 3/5 (2 nodes) -> ecs 1 (0 nodes)}. */
    private static String unitSummary(PolicyStatus status, JsonNode units) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < units.size(); i++) {
            int index = i + 1;
            var counts = status.units().stream().filter(unit -> unit.index() == index);
            texts.add(
                    unitName(units.path(i)) + counts.map(StatusRequests::inUnit).collect(Collectors.joining()));
        }
        return String.join(" -> ", texts);
    }

    private static String inUnit(PolicyStatus.UnitCount unit) {
        var pods = unit.count() + (unit.max() == null ? "" : "/" + unit.max());
        return " %s (%d node%s)".formatted(pods, unit.nodes(), unit.nodes() == 1 ? "" : "s");
    }

    private static String unitName(JsonNode unit) {
        var region =
                unit.path("nodeSelector").path("topology.kubernetes.io/region").asText();
        var model =
                unit.path("podLabels").path("alibabacloud.com/gpu-model-series").asText();
        var place = region.isEmpty() ? unit.path("resource").asText() : region;
        return model.isEmpty() ? place : place + "/" + model;
    }

    private static Stream<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(entry -> entry.path(field).asText());
    }

    private static String oneLine(String text) {
        return text.length() <= LONGEST_SUMMARY ? text : text.substring(0, LONGEST_SUMMARY - 3) + "...";
    }

    /** Ready, and where only an edit of the object can change that, Stalled, else absent: kstatus then says Failed, where it would wait. */
    private static void addReady(ConditionList list, RegionStatus.Verdict ready, boolean isStalled, long generation) {
        add(list, "Ready", ready, generation);
        if (isStalled) {
            add(list, "Stalled", new RegionStatus.Verdict(true, ready.reason(), ready.message()), generation);
        }
    }

    private static void add(ConditionList list, String type, RegionStatus.Verdict verdict, long generation) {
        // The CRDs, like every metav1.Condition, want a reason.
        var reason = verdict.reason().isEmpty() ? type : verdict.reason();
        list.add(type, verdict.status(), reason, verdict.message()).observed(generation);
    }
}
