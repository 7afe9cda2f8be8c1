package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Room on a node: resources, and ports of the node itself. */
record RoomRules(Surroundings surroundings) {

    void judge(JsonNode node, List<Constraint> refused) {
        var pods = surroundings.podsOn(node);
        var allocatable = node.path("status").path("allocatable");
        if (pods.size() + 1 > amount(allocatable, "pods").intValueExact()) {
            refused.add(Constraint.PODS);
        }
        var taken = new TreeMap<String, BigDecimal>();
        pods.forEach(
                pod -> Requests.of(pod).forEach((resource, amount) -> taken.merge(resource, amount, BigDecimal::add)));
        // A resource of which the pod asks nothing does not matter, even where more is taken than there is.
        Requests.of(surroundings.pending()).forEach((resource, wanted) -> {
            var together = wanted.add(taken.getOrDefault(resource, BigDecimal.ZERO));
            if (wanted.signum() > 0 && together.compareTo(amount(allocatable, resource)) > 0) {
                refused.add(constraint(resource));
            }
        });
        var inUse = pods.stream().flatMap(pod -> ports(pod).stream()).toList();
        if (ports(surroundings.pending()).stream()
                .anyMatch(port -> inUse.stream().anyMatch(port::conflictsWith))) {
            refused.add(Constraint.HOST_PORTS);
        }
    }

    private static BigDecimal amount(JsonNode amounts, String resource) {
        return amounts.has(resource) ? Requests.quantity(amounts.get(resource)) : BigDecimal.ZERO;
    }

    private static Constraint constraint(String resource) {
        return switch (resource) {
            case "cpu" -> Constraint.CPU;
            case "memory" -> Constraint.MEMORY;
            case "ephemeral-storage" -> Constraint.EPHEMERAL_STORAGE;
            default -> Constraint.EXTENDED_RESOURCE;
        };
    }

    private record Port(int number, String protocol, String ip) {
        boolean conflictsWith(Port other) {
            return number == other.number
                    && protocol.equals(other.protocol)
                    && (ip.equals(other.ip) || ip.equals("0.0.0.0") || other.ip.equals("0.0.0.0"));
        }
    }

    /** Of containers and sidecars; an init container that ends holds none. */
    private static List<Port> ports(JsonNode pod) {
        var ports = new ArrayList<Port>();
        pod.path("spec").path("containers").forEach(container -> addPorts(container, ports));
        for (var container : pod.path("spec").path("initContainers")) {
            if (container.path("restartPolicy").asText().equals("Always")) {
                addPorts(container, ports);
            }
        }
        return ports;
    }

    private static void addPorts(JsonNode container, List<Port> ports) {
        for (var port : container.path("ports")) {
            if (port.path("hostPort").asInt() > 0) {
                ports.add(new Port(
                        port.path("hostPort").asInt(),
                        port.path("protocol").asText("TCP"),
                        port.path("hostIP").asText("0.0.0.0")));
            }
        }
    }
}
