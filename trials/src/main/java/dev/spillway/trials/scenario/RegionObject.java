package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;

/** The Region object of a given region. */
final class RegionObject {
    private static final int STARTUP_MILLIS = 100;
    private static final String NOBODY = "http://127.0.0.1:1";

    private RegionObject() {}

    /** A simulated Region served at {@code endpoint}, for pods of some namespaces, with a label that tells who made it. */
    static ObjectNode of(Scenario.GivenRegion region, List<String> namespaces, URI endpoint, String label) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "spillway.dev/v1alpha1").put("kind", "Region");
        ObjectNode metadata = object.putObject("metadata").put("name", region.id());
        metadata.putObject("labels").put(label, "true");
        ObjectNode spec = object.putObject("spec");
        spec.put("default", region.isDefault());
        spec.put("outagePatienceSeconds", region.outagePatience().toSeconds());
        ArrayNode allowed = spec.putArray("allowedNamespaces");
        namespaces.forEach(allowed::add);
        ArrayNode zones = spec.putArray("zones");
        region.zones().forEach(zone -> zones.addObject().put("id", zone));
        ObjectNode backend = spec.putObject("backend")
                .put("type", "Simulated")
                .put("endpoint", region.isReachable() ? endpoint.toString() : NOBODY);
        ObjectNode simulated = backend.putObject("simulated").put("startupDelayMillis", STARTUP_MILLIS);
        ArrayNode stock = simulated.putArray("stock");
        for (Scenario.Stock line : region.stock()) {
            ObjectNode entry = offers(line);
            entry.putObject("script").put("constant", line.instances());
            stock.add(entry);
        }
        return object;
    }

    private static ObjectNode offers(Scenario.Stock stock) {
        ObjectNode offers = JsonNodeFactory.instance.objectNode();
        offers.put("computeClass", stock.computeClass())
                .put("computeQos", stock.computeQos())
                .put("gpuModel", stock.gpuModel());
        if (!stock.zones().isEmpty()) {
            ArrayNode zones = offers.putArray("zones");
            stock.zones().forEach(zones::add);
        }
        return offers;
    }
}
