package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster serves, as clients ask for it before all else: aggregated, and in the older form, a document per group and
 * version. Built-in groups as recorded from a real server, groups of custom resources made from their definitions as a real server
 * makes them. Immutable; may be shared.
 */
final class Discovery {

    /** The order in which a real server names the verbs of custom resources. */
    private static final List<String> CUSTOM_VERBS =
            List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");

    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private final Map<String, ObjectNode> documents = new LinkedHashMap<>();
    private final Map<String, ObjectNode> aggregated = new LinkedHashMap<>();

    Discovery(List<Definition> definitions) {
        ObjectNode core = Resources.json("discovery-api.json");
        ObjectNode groups = Resources.json("discovery-apis.json");
        ArrayNode items = Trees.array();
        Trees.elements(groups, "items").forEach(items::add);
        definitions.forEach(definition -> items.add(aggregatedGroup(definition)));
        groups.set("items", items);
        aggregated.put("/api", core);
        aggregated.put("/apis", groups);
        documents.put("/version", Resources.json("version.json"));
        for (Map.Entry<String, JsonNode> list : Resources.json("resources.json").properties()) {
            documents.put("/" + list.getKey(), (ObjectNode) list.getValue());
        }
        definitions.forEach(
                definition -> documents.put("/apis/" + definition.type().apiVersion(), resources(definition)));
        ArrayNode plain = Trees.array();
        for (JsonNode group : items) {
            ObjectNode one = group(group);
            plain.add(one);
            documents.put("/apis/" + one.path("name").asText(), withKind("APIGroup", one));
        }
        ObjectNode list = Trees.object();
        list.put("kind", "APIGroupList").put("apiVersion", "v1").set("groups", plain);
        documents.put("/apis", list);
        ObjectNode versions = Trees.object();
        versions.put("kind", "APIVersions").putArray("versions").add("v1");
        documents.put("/api", versions);
    }

    /** The document at a path, or null where there is none. */
    @Nullable
    ObjectNode document(String path) {
        return documents.get(path);
    }

    /** The aggregated document at a path, or null where there is none. */
    @Nullable
    ObjectNode aggregated(String path) {
        return aggregated.get(path);
    }

    private static ObjectNode group(JsonNode aggregated) {
        String name = aggregated.path("metadata").path("name").asText();
        ObjectNode group = Trees.object().put("name", name);
        ArrayNode versions = group.putArray("versions");
        for (JsonNode version : aggregated.path("versions")) {
            String number = version.path("version").asText();
            versions.addObject().put("groupVersion", name + "/" + number).put("version", number);
        }
        return group.set("preferredVersion", versions.path(0));
    }

    private static ObjectNode withKind(String kind, ObjectNode content) {
        ObjectNode object = Trees.object().put("kind", kind).put("apiVersion", "v1");
        return object.setAll(content);
    }

    private static ObjectNode aggregatedGroup(Definition definition) {
        ObjectNode group = Trees.object();
        group.putObject("metadata").put("name", definition.group());
        ObjectNode version = group.putArray("versions").addObject();
        version.put("version", definition.type().version());
        ObjectNode resource = version.putArray("resources").addObject();
        resource.put("resource", definition.plural());
        resource.set("responseKind", responseKind(definition));
        resource.put("scope", definition.isNamespaced() ? "Namespaced" : "Cluster");
        resource.put("singularResource", definition.singular());
        addAll(resource.putArray("verbs"), CUSTOM_VERBS);
        addNames(resource, definition);
        ObjectNode part = resource.putArray("subresources").addObject().put("subresource", "status");
        part.set("responseKind", responseKind(definition));
        addAll(part.putArray("verbs"), STATUS_VERBS);
        version.put("freshness", "Current");
        return group;
    }

    private static ObjectNode responseKind(Definition definition) {
        return Trees.object()
                .put("group", definition.group())
                .put("version", definition.type().version())
                .put("kind", definition.kind());
    }

    private static ObjectNode resources(Definition definition) {
        ObjectNode list = Trees.object();
        list.put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", definition.type().apiVersion());
        ArrayNode resources = list.putArray("resources");
        ObjectNode resource = resource(resources, definition, definition.plural(), definition.singular());
        addAll(resource.putArray("verbs"), CUSTOM_VERBS);
        addNames(resource, definition);
        ObjectNode status = resource(resources, definition, definition.plural() + "/status", "");
        addAll(status.putArray("verbs"), STATUS_VERBS);
        return list;
    }

    private static ObjectNode resource(ArrayNode resources, Definition definition, String name, String singular) {
        return resources
                .addObject()
                .put("name", name)
                .put("singularName", singular)
                .put("namespaced", definition.isNamespaced())
                .put("kind", definition.kind());
    }

    private static void addNames(ObjectNode resource, Definition definition) {
        for (String field : List.of("shortNames", "categories")) {
            JsonNode names = definition.names().get(field);
            if (names != null && !names.isEmpty()) {
                resource.set(field, names);
            }
        }
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
