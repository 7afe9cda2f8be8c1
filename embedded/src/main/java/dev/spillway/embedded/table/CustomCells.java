package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The row of a custom resource: its name and the printer columns of its definition. Rules: apiextensions-apiserver {@code
 * pkg/registry/customresource/tableconvertor}.
 */
final class CustomCells implements Cells {

    private record Column(String type, JsonPath path) {}

    private final List<Column> columns = new ArrayList<>();

    /** The columns of a version of a definition. */
    CustomCells(Iterable<JsonNode> printerColumns) {
        for (JsonNode column : printerColumns) {
            columns.add(new Column(
                    column.path("type").asText(),
                    JsonPath.parse(column.path("jsonPath").asText())));
        }
    }

    @Override
    public void add(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object));
        for (Column column : columns) {
            JsonNode value = column.path().find(object);
            if (value == null) {
                cells.addNull();
            } else {
                addValue(column.type(), value, now, cells);
            }
        }
    }

    private static void addValue(String type, JsonNode value, Instant now, ArrayNode cells) {
        switch (type) {
            case "integer" -> {
                if (value.isNumber()) {
                    cells.add(value.longValue());
                } else {
                    cells.addNull();
                }
            }
            case "number" -> {
                if (value.isNumber()) {
                    cells.add(value);
                } else {
                    cells.addNull();
                }
            }
            case "boolean" -> {
                if (value.isBoolean()) {
                    cells.add(value);
                } else {
                    cells.addNull();
                }
            }
            case "date" -> cells.add(Durations.since(value.asText(), now));
            default -> cells.add(value.isContainerNode() ? value.toString() : value.asText());
        }
    }
}
