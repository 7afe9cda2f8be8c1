package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the containers of a pod, so that the pod as a whole takes exactly what is wanted, in one of many ways. */
final class ContainerMaker {
    private final Dice dice;
    private int made;

    ContainerMaker(Dice dice) {
        this.dice = dice;
    }

    /** A way to share what a pod takes among containers. */
    private enum Shape {
        ONE,
        TWO,
        LARGE_INIT,
        INIT_AFTER_SIDECAR,
        INIT_BEFORE_SIDECAR,
        OVERHEAD,
        POD_LEVEL
    }

    /** Adds containers to the spec. Amounts: milli-CPU, MiB of memory and ephemeral storage, whole others. */
    void addTo(ObjectNode spec, Map<String, Long> wanted) {
        var shape = dice.percent(40) ? Shape.ONE : dice.pick(List.of(Shape.values()));
        var quarter = part(wanted, 4);
        var rest = minus(wanted, quarter);
        var half = part(wanted, 2);
        switch (shape) {
            case ONE -> containers(spec, container(wanted));
            case TWO -> containers(spec, container(half), container(minus(wanted, half)));
            case LARGE_INIT -> {
                inits(spec, container(wanted));
                containers(spec, container(half));
            }
            // The init container runs beside the sidecar that was started before it.
            case INIT_AFTER_SIDECAR -> {
                inits(spec, sidecar(quarter), container(rest));
                containers(spec, container(half));
            }
            case INIT_BEFORE_SIDECAR -> {
                inits(spec, container(half), sidecar(quarter));
                containers(spec, container(rest));
            }
            case OVERHEAD -> {
                var overhead = new TreeMap<>(quarter);
                overhead.keySet().retainAll(List.of("cpu", "memory"));
                spec.set("overhead", quantities(overhead));
                containers(spec, container(minus(wanted, overhead)));
            }
            case POD_LEVEL -> {
                var podLevel = new TreeMap<>(wanted);
                podLevel.keySet().retainAll(List.of("cpu", "memory"));
                if (!podLevel.isEmpty()) {
                    spec.set("resources", Tree.of("requests", quantities(podLevel)));
                }
                var ofContainer = new TreeMap<>(wanted);
                podLevel.keySet().forEach(resource -> ofContainer.put(resource, half.get(resource)));
                containers(spec, container(ofContainer));
            }
        }
    }

    private static void containers(ObjectNode spec, JsonNode... containers) {
        spec.set("containers", Tree.array((Object[]) containers));
    }

    private static void inits(ObjectNode spec, JsonNode... containers) {
        spec.set("initContainers", Tree.array((Object[]) containers));
    }

    private ObjectNode sidecar(Map<String, Long> amounts) {
        return container(amounts).put("restartPolicy", "Always");
    }

    private ObjectNode container(Map<String, Long> amounts) {
        var resources = Tree.of();
        if (!amounts.isEmpty()) {
            resources.set("requests", quantities(amounts));
        }
        if (amounts.containsKey("nvidia.com/gpu")) {
            // Extended resources cannot be overcommitted: the API server wants a limit that is the request.
            resources.set(
                    "limits", Tree.of("nvidia.com/gpu", quantity("nvidia.com/gpu", amounts.get("nvidia.com/gpu"))));
        }
        return Tree.of("name", "c" + made++, "image", "example.com/image:1", "resources", resources);
    }

    private ObjectNode quantities(Map<String, Long> amounts) {
        var quantities = Tree.of();
        amounts.forEach((resource, amount) -> quantities.put(resource, quantity(resource, amount)));
        return quantities;
    }

    private String quantity(String resource, long amount) {
        return switch (resource) {
            case "cpu" -> dice.percent(30) ? BigDecimal.valueOf(amount, 3).toPlainString() : amount + "m";
            case "memory", "ephemeral-storage" ->
                dice.percent(20)
                        ? Long.toString(amount << 20)
                        : dice.percent(20) ? (amount << 10) + "Ki" : amount + "Mi";
            default -> Long.toString(amount);
        };
    }

    private static Map<String, Long> part(Map<String, Long> amounts, int of) {
        var part = new TreeMap<String, Long>();
        amounts.forEach((resource, amount) -> part.put(resource, amount / of));
        return part;
    }

    private static Map<String, Long> minus(Map<String, Long> amounts, Map<String, Long> less) {
        var rest = new TreeMap<String, Long>();
        amounts.forEach((resource, amount) -> rest.put(resource, amount - less.getOrDefault(resource, 0L)));
        return rest;
    }

    /** Gives ports of the node to some containers, each container another port: one pod must not want one twice. */
    void addPorts(ObjectNode spec) {
        var all = new ArrayList<JsonNode>();
        spec.path("initContainers").forEach(all::add);
        spec.path("containers").forEach(all::add);
        var numbers = dice.some(2, List.of(8080, 8081));
        for (int i = 0; i < all.size() && i < numbers.size(); i++) {
            if (dice.percent(75)) {
                ((ObjectNode) all.get(i)).set("ports", Tree.array(port(numbers.get(i))));
            }
        }
    }

    private ObjectNode port(int number) {
        var port = Tree.of("containerPort", 80, "hostPort", number);
        if (dice.percent(60)) {
            port.put("protocol", dice.pick("TCP", "UDP"));
        }
        if (dice.percent(85)) {
            port.put("hostIP", dice.pick("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2", "0.0.0.0"));
        }
        return port;
    }
}
