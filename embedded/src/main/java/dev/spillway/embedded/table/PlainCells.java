package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of what is quickly told. Rules: kubernetes {@code pkg/printers/internalversion/printers.go}. */
final class PlainCells {

    private PlainCells() {}

    static void nameAndAge(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object)).add(Cells.age(object, now));
    }

    static void definition(ObjectNode object, Instant now, ArrayNode cells) {
        List<String> versions = new ArrayList<>();
        for (JsonNode version : Trees.elements(object, "spec", "versions")) {
            String name = version.path("name").asText();
            versions.add(version.path("storage").asBoolean() ? name + "(storage)" : name);
        }
        JsonNode names = object.path("spec").path("names");
        List<String> shortNames = new ArrayList<>();
        Trees.elements(names, "shortNames").forEach(name -> shortNames.add(name.asText()));
        boolean established = false;
        for (JsonNode condition : Trees.elements(object, "status", "conditions")) {
            established |= "Established".equals(Trees.text(condition, "type"))
                    && "True".equals(Trees.text(condition, "status"));
        }
        cells.add(Cells.name(object))
                .add(object.path("spec").path("scope").asText())
                .add(String.join(",", versions))
                .add(object.path("metadata").path("creationTimestamp").asText())
                .add(object.path("spec").path("group").asText())
                .add(names.path("kind").asText())
                .add(String.join(",", shortNames))
                .add(established);
    }

    static void namespace(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object))
                .add(object.path("status").path("phase").asText())
                .add(Cells.age(object, now));
    }

    static void lease(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object))
                .add(object.path("spec").path("holderIdentity").asText())
                .add(Cells.age(object, now));
    }

    static void disruptionBudget(ObjectNode object, Instant now, ArrayNode cells) {
        JsonNode spec = object.path("spec");
        cells.add(Cells.name(object))
                .add(spec.path("minAvailable").asText("N/A"))
                .add(spec.path("maxUnavailable").asText("N/A"))
                .add(object.path("status").path("disruptionsAllowed").asLong())
                .add(Cells.age(object, now));
    }

    static void serviceAccount(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object)).add(Cells.age(object, now));
    }

    static void configMap(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object))
                .add(object.path("data").size() + object.path("binaryData").size())
                .add(Cells.age(object, now));
    }

    static void event(ObjectNode event, Instant now, ArrayNode cells) {
        String begin = Trees.text(event, "firstTimestamp");
        String first = Durations.since(begin == null ? Trees.text(event, "eventTime") : begin, now);
        String end = Trees.text(event, "lastTimestamp");
        String last = end == null ? first : Durations.since(end, now);
        long count = Math.max(event.path("count").asLong(), 1);
        JsonNode series = event.get("series");
        if (series != null) {
            last = Durations.since(Trees.text(series, "lastObservedTime"), now);
            count = series.path("count").asLong();
        }
        JsonNode about = event.path("involvedObject");
        String kind = about.path("kind").asText().toLowerCase(Locale.ROOT);
        String name = about.path("name").asText();
        cells.add(last)
                .add(event.path("type").asText())
                .add(event.path("reason").asText())
                .add(name.isEmpty() ? kind : kind + "/" + name)
                .add(about.path("fieldPath").asText())
                .add(source(event))
                .add(event.path("message").asText().strip())
                .add(first)
                .add(count)
                .add(Cells.name(event));
    }

    private static String source(ObjectNode event) {
        String component = first(Trees.text(event, "source", "component"), Trees.text(event, "reportingComponent"));
        String host = first(Trees.text(event, "source", "host"), Trees.text(event, "reportingInstance"));
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other != null ? other : "";
    }
}
