package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a namespace shows of its controllers' work, without what no two clusters can have in common: generated names, UIDs, times
 * and versions become words, and what comes in no certain order is sorted and counted.
 */
final class Facts {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern GENERATED =
            Pattern.compile("\\b(web-R\\d+|lone|job(?:-\\d+)?)-[bcdfghjklmnpqrstvwxz2456789]{5}\\b");
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Stage stage;
    private final String namespace;
    private final Map<String, String> sets = new TreeMap<>(Collections.reverseOrder());

    Facts(Stage stage, String namespace) {
        this.stage = stage;
        this.namespace = namespace;
    }

    ObjectNode collect() {
        for (JsonNode set : list("/apis/apps/v1", "replicasets")) {
            String revision = set.at("/metadata/annotations").path(REVISION).asText();
            if (!revision.isEmpty()) {
                sets.put(set.at("/metadata/name").asText(), "web-R" + revision);
            }
        }
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        ObjectNode jobs = JsonNodeFactory.instance.objectNode();
        for (JsonNode job : list("/apis/batch/v1", "jobs")) {
            jobs.put(
                    job.at("/metadata/name").asText(),
                    plain(sorted(job.path("status")).toString()));
        }
        if (!jobs.isEmpty()) {
            facts.set("jobs", jobs);
        }
        facts.set(
                "pods", counted(list("/api/v1", "pods").stream().map(this::pod).toList()));
        facts.set(
                "events",
                counted(list("/api/v1", "events").stream().map(this::event).toList()));
        return facts;
    }

    private String pod(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        StringBuilder text = new StringBuilder();
        text.append(metadata.path("name").asText())
                .append(' ')
                .append(pod.at("/status/phase").asText());
        text.append(metadata.has("deletionTimestamp") ? " deleting" : "");
        for (String field : List.of("generateName", "finalizers", "labels", "annotations")) {
            if (metadata.has(field)) {
                text.append(' ').append(field).append('=').append(sorted(metadata.get(field)));
            }
        }
        JsonNode owner = metadata.path("ownerReferences").path(0);
        text.append(" owner=").append(sorted(owner));
        for (JsonNode part :
                List.of(pod.at("/spec/hostname"), pod.at("/spec/containers/0/env"), pod.at("/status/conditions/1"))) {
            if (!part.isMissingNode()) {
                text.append(' ').append(sorted(part));
            }
        }
        return plain(text.toString());
    }

    private String event(JsonNode event) {
        JsonNode about = event.path("involvedObject");
        return plain("%s %s of %s %s: %s | count %d, %s"
                .formatted(
                        event.path("type").asText(),
                        event.path("reason").asText(),
                        about.path("kind").asText(),
                        about.path("name").asText(),
                        event.path("message").asText(),
                        event.path("count").asInt(),
                        event.path("source")));
    }

    private String plain(String text) {
        String plain = text;
        for (Map.Entry<String, String> set : sets.entrySet()) {
            plain = plain.replace(set.getKey(), set.getValue());
            String hash = set.getKey().substring(set.getKey().lastIndexOf('-') + 1);
            plain = plain.replace(":\"" + hash + "\"", ":\"HASH\"");
        }
        plain = GENERATED.matcher(plain).replaceAll("$1-X");
        plain = TIME.matcher(plain).replaceAll("TIME");
        return UUID.matcher(plain).replaceAll("UID").replace(namespace, "NS");
    }

    private List<JsonNode> list(String group, String plural) {
        JsonNode items = stage.call("GET", group + "/namespaces/" + namespace + "/" + plural, null)
                .path("items");
        return items.valueStream().toList();
    }

    private static ArrayNode counted(List<String> lines) {
        Map<String, Integer> counts = new TreeMap<>();
        lines.forEach(line -> counts.merge(line, 1, Integer::sum));
        ArrayNode counted = JsonNodeFactory.instance.arrayNode();
        counts.forEach((line, count) -> counted.add(count + " x " + line));
        return counted;
    }

    /** The order of fields says nothing; that of conditions does. */
    private static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                Map<String, JsonNode> fields = new TreeMap<>();
                object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
                yield JsonNodeFactory.instance.objectNode().setAll(new LinkedHashMap<>(fields));
            }
            case ArrayNode array -> {
                List<JsonNode> elements = new ArrayList<>();
                array.forEach(element -> elements.add(sorted(element)));
                yield JsonNodeFactory.instance.arrayNode().addAll(elements);
            }
            default -> node;
        };
    }
}
