package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;

/** The row of a node. Rules: kubernetes {@code pkg/printers/internalversion/printers.go}, printNode. */
final class NodeCells implements Cells {

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE = "kubernetes.io/role";
    private static final String UNKNOWN = "<unknown>";

    @Override
    public void add(ObjectNode node, Instant now, ArrayNode cells) {
        cells.add(Cells.name(node))
                .add(status(node))
                .add(roles(node))
                .add(Cells.age(node, now))
                .add(node.path("status").path("nodeInfo").path("kubeletVersion").asText())
                .add(address(node, "InternalIP"))
                .add(address(node, "ExternalIP"))
                .add(fact(node, "osImage"))
                .add(kernel(node))
                .add(fact(node, "containerRuntimeVersion"));
    }

    private static String kernel(ObjectNode node) {
        String architecture =
                node.path("status").path("nodeInfo").path("architecture").asText();
        return fact(node, "kernelVersion") + (architecture.isEmpty() ? "" : " (" + architecture + ")");
    }

    private static String status(ObjectNode node) {
        String status = "Unknown";
        for (JsonNode condition : Trees.elements(node, "status", "conditions")) {
            if ("Ready".equals(Trees.text(condition, "type"))) {
                status = "True".equals(Trees.text(condition, "status")) ? "Ready" : "NotReady";
            }
        }
        return node.path("spec").path("unschedulable").asBoolean() ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(ObjectNode node) {
        TreeSet<String> roles = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label : Trees.fields(node, "metadata", "labels")) {
            String value = label.getValue().asText();
            if (label.getKey().startsWith(ROLE_PREFIX) && label.getKey().length() > ROLE_PREFIX.length()) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals(ROLE) && !value.isEmpty()) {
                roles.add(value);
            }
        }
        return Cells.orNone(String.join(",", roles));
    }

    private static String address(ObjectNode node, String type) {
        for (JsonNode address : Trees.elements(node, "status", "addresses")) {
            if (type.equals(Trees.text(address, "type"))) {
                return address.path("address").asText();
            }
        }
        return NONE;
    }

    private static String fact(ObjectNode node, String name) {
        String value = node.path("status").path("nodeInfo").path(name).asText();
        return value.isEmpty() ? UNKNOWN : value;
    }
}
