package dev.spillway.trials.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects that the demonstration applies: those of {@code examples/}, which lie on the class path, each with the label
 * {@value #LABEL}. The Regions are served by this process, and admit pods of namespace {@value #NAMESPACE} only, so that
 * nobody else's pods are placed in a simulated region.
 */
record Exhibits(List<ObjectNode> regions, ObjectNode pinned, ObjectNode policy, ObjectNode spilling) {
    /** Label of everything that the demonstration makes in a cluster. */
    static final String LABEL = "spillway.dev/demo";

    /** Where the example applications are. */
    static final String NAMESPACE = "default";

    Exhibits {
        regions = List.copyOf(regions);
    }

    /** The objects as they are applied, with the address of the simulated regions' server. */
    static Exhibits load(URI endpoint) {
        var regions = read("regions.yaml");
        for (ObjectNode region : regions) {
            ObjectNode spec = region.withObject("/spec");
            spec.withObject("/backend").put("endpoint", endpoint.toString());
            spec.putArray("allowedNamespaces").add(NAMESPACE);
        }
        var first = read("article-1-pinned.yaml");
        var second = read("article-2-spill.yaml");
        var exhibits = new Exhibits(regions, first.getFirst(), second.getFirst(), second.getLast());
        exhibits.all()
                .forEach(object ->
                        object.withObject("/metadata").withObject("/labels").put(LABEL, "true"));
        return exhibits;
    }

    /** Everything, in the order in which it is applied. */
    List<ObjectNode> all() {
        var all = new ArrayList<>(regions);
        all.addAll(List.of(pinned, policy, spilling));
        return all;
    }

    /** Ids of zones by id of region, in order. */
    Map<String, List<String>> zonesByRegion() {
        var zones = new LinkedHashMap<String, List<String>>();
        for (ObjectNode region : regions) {
            var ids = new ArrayList<String>();
            region.path("spec")
                    .path("zones")
                    .forEach(zone -> ids.add(zone.path("id").asText()));
            zones.put(name(region), ids);
        }
        return zones;
    }

    /** A region of this id. */
    ObjectNode region(String id) {
        return regions.stream()
                .filter(region -> name(region).equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The examples have no region (%s).".formatted(id)));
    }

    /** How many GPUs a region has of its one model, those already sold included. */
    static int gpus(ObjectNode region) {
        return gpuStock(region).path("script").path("constant").asInt();
    }

    /** Where in its list of stock the GPUs are, from 0. */
    static int positionOfGpus(ObjectNode region) {
        ObjectNode gpus = gpuStock(region);
        int position = 0;
        for (JsonNode line : stock(region)) {
            if (line.equals(gpus)) {
                return position;
            }
            position++;
        }
        throw new IllegalStateException("The stock of Region (%s) does not have its own line.".formatted(name(region)));
    }

    /** Its one GPU model. */
    static String model(ObjectNode region) {
        return gpuStock(region).path("gpuModel").asText();
    }

    /** The same region with another number of GPUs. */
    static ObjectNode restocked(ObjectNode region, int gpus) {
        ObjectNode changed = region.deepCopy();
        gpuStock(changed).withObject("/script").put("constant", gpus);
        return changed;
    }

    /** The regions that the policy tries, in order. */
    List<String> regionsInOrder() {
        var order = new ArrayList<String>();
        policy.path("spec")
                .path("units")
                .forEach(unit -> order.add(unit.path("nodeSelector")
                        .path("topology.kubernetes.io/region")
                        .asText()));
        return order;
    }

    /** Labels by which a Deployment's pods are found. */
    static Map<String, String> podsOf(ObjectNode deployment) {
        var labels = new LinkedHashMap<String, String>();
        deployment
                .path("spec")
                .path("selector")
                .path("matchLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static ObjectNode gpuStock(ObjectNode region) {
        for (JsonNode line : stock(region)) {
            if (line.has("gpuModel") && line instanceof ObjectNode stock) {
                return stock;
            }
        }
        throw new IllegalStateException("Region (%s) of the examples sells no GPU.".formatted(name(region)));
    }

    private static JsonNode stock(ObjectNode region) {
        return region.path("spec").path("backend").path("simulated").path("stock");
    }

    private static List<ObjectNode> read(String file) {
        try (InputStream in = Exhibits.class.getResourceAsStream("/examples/" + file)) {
            if (in == null) {
                throw new FileNotFoundException(
                        "examples/%s is not on the class path; build trials again.".formatted(file));
            }
            try (MappingIterator<ObjectNode> documents = new ObjectMapper(new YAMLFactory())
                    .readerFor(ObjectNode.class)
                    .readValues(in)) {
                return documents.readAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
