package dev.spillway.trials.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What an outside client sees of Regions and their virtual nodes: whether they can take pods, whether they are gone. */
public final class VirtualNodes {
    private VirtualNodes() {}

    /**
     * Says what keeps pods from being placed in these regions; empty where nothing does.
     *
     * @param zonesByRegion ids of zones by id of region
     */
    public static Optional<String> notReady(OutsideClient client, Map<String, List<String>> zonesByRegion) {
        var regions = byName(client.list(OutsideClient.REGIONS));
        var nodes = byName(client.list(OutsideClient.NODES));
        for (var entry : zonesByRegion.entrySet()) {
            var region = regions.get(entry.getKey());
            if (region == null) {
                return Optional.of("there is no Region " + entry.getKey());
            }
            for (String type : List.of("Accepted", "Reachable")) {
                JsonNode condition = condition(region, type);
                if (!condition.path("status").asText().equals("True")) {
                    return Optional.of("Region %s is not %s: %s"
                            .formatted(
                                    entry.getKey(),
                                    type,
                                    condition.path("message").asText("no condition yet")));
                }
            }
            for (String zone : entry.getValue()) {
                String name = Names.nodeOf(zone).value();
                var problem = problem(nodes.get(name));
                if (problem.isPresent()) {
                    return Optional.of("node %s %s".formatted(name, problem.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Names which of these Regions and of their zones' nodes are still there; empty where none is. */
    public static Optional<String> stillThere(OutsideClient client, Map<String, List<String>> zonesByRegion) {
        var names = zonesByRegion.values().stream()
                .flatMap(Collection::stream)
                .map(zone -> Names.nodeOf(zone).value())
                .toList();
        var left = client.list(OutsideClient.NODES).stream()
                .map(VirtualNodes::name)
                .filter(names::contains)
                .map(name -> "node " + name)
                .collect(Collectors.toCollection(ArrayList::new));
        client.listIfKnown(OutsideClient.REGIONS).stream()
                .map(VirtualNodes::name)
                .filter(zonesByRegion::containsKey)
                .map(name -> "Region " + name)
                .forEach(left::add);
        return left.isEmpty() ? Optional.empty() : Optional.of("still there: " + String.join(", ", left));
    }

    private static Optional<String> problem(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.of("does not exist");
        }
        if (!condition(node, "Ready").path("status").asText().equals("True")) {
            return Optional.of("is not Ready");
        }
        return StreamSupport.stream(node.path("spec").path("taints").spliterator(), false)
                .map(taint -> taint.path("key").asText())
                .filter(key -> !key.equals(Names.PROVIDER_TAINT.key()))
                .findFirst()
                .map(key -> "has the taint " + key);
    }

    private static JsonNode condition(JsonNode object, String type) {
        return StreamSupport.stream(object.path("status").path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static Map<String, JsonNode> byName(List<JsonNode> objects) {
        return objects.stream().collect(Collectors.toMap(VirtualNodes::name, object -> object));
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }
}
