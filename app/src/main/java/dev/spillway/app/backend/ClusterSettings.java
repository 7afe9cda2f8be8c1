package dev.spillway.app.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.clusterregion.settings.RegistryRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code spec.backend.kubernetes} of a Region. The CRD says the same; it is checked again, since an object may be older than the CRD.
 *
 * @param secretName Secret of the controller's namespace that holds the kubeconfig
 */
record ClusterSettings(String secretName, ClusterRegionSettings settings) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "spec.backend.kubernetes.";

    /** Reads them; {@link IllegalArgumentException} with one sentence for whoever wrote the Region. */
    static ClusterSettings read(String json) {
        var settings = tree(json);
        if (!settings.isObject()) {
            throw new IllegalArgumentException(
                    "spec.backend.kubernetes is missing; its secretName names the Secret with the region's kubeconfig.");
        }
        var defaults = ClusterRegionSettings.DEFAULT;
        return new ClusterSettings(
                required(settings, PATH, "secretName"),
                new ClusterRegionSettings(
                        settings.path("namespacePrefix").asText(defaults.namespacePrefix()),
                        registries(settings.path("registries")),
                        gpuModels(settings.path("gpuModels")),
                        settings.path("zoneLabel").asText(""),
                        runtimeClasses(settings.path("runtimeClasses")),
                        texts(settings.path("inlineCsiDrivers")),
                        settings.path("acs").asBoolean(false),
                        settings.path("homeApiServer").asText(""),
                        defaults.zoneCapacity()));
    }

    static JsonNode tree(String json) {
        try {
            return json.isEmpty() ? MissingNode.getInstance() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // its text may hold what nobody is to see
        }
    }

    private static List<RegistryRule> registries(JsonNode list) {
        var rules = new ArrayList<RegistryRule>();
        for (var rule : list) {
            rules.add(new RegistryRule(
                    required(rule, PATH + "registries[].", "from"),
                    rule.path("to").asText("")));
        }
        return rules;
    }

    private static Map<String, Map<String, String>> gpuModels(JsonNode list) {
        var models = new TreeMap<String, Map<String, String>>();
        for (var model : list) {
            var labels = new TreeMap<String, String>();
            model.path("nodeLabels")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            models.put(required(model, PATH + "gpuModels[].", "model"), labels);
        }
        return models;
    }

    private static Map<String, String> runtimeClasses(JsonNode list) {
        var classes = new TreeMap<String, String>();
        for (var one : list) {
            classes.put(
                    required(one, PATH + "runtimeClasses[].", "from"), required(one, PATH + "runtimeClasses[].", "to"));
        }
        return classes;
    }

    private static Set<String> texts(JsonNode list) {
        var texts = new TreeSet<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String required(JsonNode object, String path, String field) {
        var text = object.path(field).asText("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException(path + field + " is missing; name it.");
        }
        return text;
    }
}
