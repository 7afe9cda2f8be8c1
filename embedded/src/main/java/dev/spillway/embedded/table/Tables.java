package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;

/**
 * Objects of one type as a {@code Table} of {@code meta.k8s.io/v1}. Immutable; may be shared.
 *
 * <p>Rules: apiserver {@code pkg/endpoints/handlers/response.go}, asTable.
 */
public final class Tables {

    /** What of an object a row carries beside its cells. */
    public enum Include {
        NONE,
        /** Its metadata, which is what the API gives where nothing is said. */
        METADATA,
        OBJECT
    }

    /** Whether the columns are named: in a watch only the first event names them. */
    public enum Head {
        WITH_COLUMNS,
        ROWS_ONLY
    }

    private static final String API_VERSION = "meta.k8s.io/v1";

    private final ResourceType type;
    private final ArrayNode columns;
    private final Cells cells;

    private Tables(ResourceType type, ArrayNode columns, Cells cells) {
        this.type = type;
        this.columns = columns;
        this.cells = cells;
    }

    /** Tables of a built-in type, with the column definitions of the API. */
    public static Tables builtIn(ResourceType type, ArrayNode columns) {
        return new Tables(type, columns, cellsOf(type));
    }

    /**
     * Tables of a custom resource.
     *
     * @param printerColumns the additionalPrinterColumns of its version
     * @param nameColumn what the API says about the column Name, which comes first
     * @throws IllegalArgumentException where a column has a path that cannot be followed
     */
    public static Tables custom(ResourceType type, ObjectNode nameColumn, Iterable<JsonNode> printerColumns) {
        ArrayNode columns = Trees.array().add(nameColumn);
        for (JsonNode column : printerColumns) {
            columns.addObject()
                    .put("name", column.path("name").asText())
                    .put("type", column.path("type").asText())
                    .put("format", column.path("format").asText())
                    .put("description", description(column))
                    .put("priority", column.path("priority").asInt());
        }
        return new Tables(type, columns, new CustomCells(printerColumns));
    }

    /** A list of the API, or a single object of it, as a table. */
    public ObjectNode table(ObjectNode listOrObject, Include include, Head head, Instant now) {
        ObjectNode table = Trees.object();
        table.put("kind", "Table").put("apiVersion", API_VERSION);
        JsonNode metadata = listOrObject.path("metadata");
        ObjectNode own = table.putObject("metadata");
        for (String field : new String[] {"resourceVersion", "continue"}) {
            String value = metadata.path(field).asText();
            if (!value.isEmpty()) {
                own.put(field, value);
            }
        }
        Trees.put(own, "remainingItemCount", metadata.get("remainingItemCount"));
        table.set("columnDefinitions", head == Head.WITH_COLUMNS ? columns : null);
        ArrayNode rows = table.putArray("rows");
        if (listOrObject.get("items") instanceof ArrayNode items) {
            for (JsonNode item : items) {
                if (item instanceof ObjectNode object) {
                    rows.add(row(object, include, now));
                }
            }
        } else {
            rows.add(row(listOrObject, include, now));
        }
        return table;
    }

    private ObjectNode row(ObjectNode object, Include include, Instant now) {
        ObjectNode row = Trees.object();
        cells.add(object, now, row.putArray("cells"));
        if (type.equals(ResourceType.PODS)) {
            addCompletion(object, row);
        }
        ObjectNode shown = Trees.object();
        switch (include) {
            case NONE -> row.putNull("object");
            case METADATA -> {
                shown.put("kind", "PartialObjectMetadata").put("apiVersion", API_VERSION);
                row.set("object", shown.set("metadata", object.path("metadata")));
            }
            case OBJECT -> {
                shown.put("kind", type.kind()).put("apiVersion", type.apiVersion());
                row.set("object", shown.setAll(object));
            }
        }
        return row;
    }

    private static void addCompletion(ObjectNode pod, ObjectNode row) {
        String phase = pod.path("status").path("phase").asText();
        boolean failed = phase.equals("Failed");
        if (failed || phase.equals("Succeeded")) {
            row.putArray("conditions")
                    .addObject()
                    .put("type", "Completed")
                    .put("status", "True")
                    .put("reason", phase)
                    .put("message", failed ? "The pod failed." : "The pod has completed successfully.");
        }
    }

    private static Cells cellsOf(ResourceType type) {
        return switch (type.qualifiedPlural()) {
            case "pods" -> new PodCells();
            case "nodes" -> new NodeCells();
            case "namespaces" -> PlainCells::namespace;
            case "events" -> PlainCells::event;
            case "configmaps" -> PlainCells::configMap;
            case "serviceaccounts" -> PlainCells::serviceAccount;
            case "leases.coordination.k8s.io" -> PlainCells::lease;
            case "poddisruptionbudgets.policy" -> PlainCells::disruptionBudget;
            case "deployments.apps" -> WorkloadCells::deployment;
            case "replicasets.apps" -> WorkloadCells::replicaSet;
            case "jobs.batch" -> WorkloadCells::job;
            case "customresourcedefinitions.apiextensions.k8s.io" -> PlainCells::definition;
            default -> PlainCells::nameAndAge;
        };
    }

    private static String description(JsonNode column) {
        String given = column.path("description").asText();
        return given.isEmpty()
                ? "Custom resource definition column (in JSONPath format): "
                        + column.path("jsonPath").asText()
                : given;
    }
}
