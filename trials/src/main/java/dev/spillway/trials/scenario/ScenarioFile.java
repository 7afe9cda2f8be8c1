package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.region.Region;
import dev.spillway.trials.scenario.Scenario.GivenRegion;
import dev.spillway.trials.scenario.fault.Faults;
import dev.spillway.trials.scenario.file.Fields;
import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.file.Yaml;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads scenario files; the format is described in {@code scenarios/README.md}. What is misspelt or cannot be meant is a
 * {@link MalformedScenarioException}, so that no expectation is lost by a slip.
 */
final class ScenarioFile {
    /** Where an object of each kind may be. */
    private static final Map<String, List<String>> NAMESPACES_BY_KIND = new TreeMap<>(Map.of(
            "ConfigMap", List.of(Scenario.SYSTEM_NAMESPACE),
            "Deployment", List.of(Scenario.NAMESPACE),
            "Job", List.of(Scenario.NAMESPACE),
            "Pod", List.of(Scenario.NAMESPACE, Scenario.OTHER_NAMESPACE),
            "ResourcePolicy", List.of(Scenario.NAMESPACE)));

    private ScenarioFile() {}

    /** The scenario files that are meant by files and folders: a folder means every {@code .yaml} file in it, by name. */
    static List<Path> find(List<Path> filesAndFolders) {
        var found = new LinkedHashSet<Path>();
        for (Path path : filesAndFolders) {
            if (!Files.isDirectory(path)) {
                found.add(path);
                continue;
            }
            try (var files = Files.list(path)) {
                files.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException("Folder %s cannot be read: %s.".formatted(path, e.getMessage()), e);
            }
        }
        return List.copyOf(found);
    }

    /** Reads one file; {@link MalformedScenarioException} where it is not a scenario. */
    static Scenario read(Path file) {
        var fields = Fields.of(
                file,
                "a scenario",
                Yaml.read(file),
                List.of("title", "catches", "regions", "nodes", "objects", "steps", "expect"));
        String title = fields.text("title");
        var regions = regions(file, fields);
        var nodes = nodes(file, fields);
        if (regions.isEmpty() && nodes.isEmpty()) {
            throw fields.error(fields.line(), "a scenario needs at least one region or node.");
        }
        var objects = objects(file, fields);
        var given = new GivenNames(
                regions.stream().map(GivenRegion::id).toList(),
                nodes.stream().map(PlayedNode::name).toList(),
                objects);
        var expectations = new ExpectationReader(file, given);
        var reader = new StepReader(file, given, expectations);
        var steps = reader.read(fields.items("steps"));
        if (steps.isEmpty()) {
            throw fields.error(
                    "steps",
                    "a scenario needs at least one step; allowed are %s."
                            .formatted(String.join(", ", StepReader.STEPS)));
        }
        for (String name : objects.keySet()) {
            if (!reader.applied().contains(name)) {
                throw fields.error(
                        "objects", "object '%s' is applied by no step; apply it or leave it out.".formatted(name));
            }
        }
        var expected = expectations.read(fields.items("expect"));
        if (expected.isEmpty()) {
            throw fields.error("expect", "a scenario needs 'expect': what must hold after the last step.");
        }
        return new Scenario(file, title, catches(fields), regions, nodes, objects, steps, expected);
    }

    private static List<String> catches(Fields scenario) {
        var names = scenario.texts("catches");
        for (String name : names) {
            if (Faults.named(name).isEmpty()) {
                throw scenario.error(
                        "catches", "there is no fault '%s'; 'spillway scenario --faults' lists them.".formatted(name));
            }
        }
        return names;
    }

    private static List<GivenRegion> regions(Path file, Fields scenario) {
        var regions = new ArrayList<GivenRegion>();
        var ids = new TreeSet<String>();
        for (Yaml item : scenario.items("regions")) {
            var fields = Fields.of(
                    file, "a region", item, List.of("id", "zones", "default", "reachable", "outagePatience", "stock"));
            String id = fields.text("id");
            if (!ids.add(id)) {
                throw fields.error("id", "region '%s' is given twice.".formatted(id));
            }
            var zones = fields.texts("zones");
            var stock = fields.items("stock").stream()
                    .map(line -> Fields.of(
                            file,
                            "a line of stock",
                            line,
                            List.of("computeClass", "computeQos", "gpuModel", "zones", "instances")))
                    .map(StepReader::stock)
                    .toList();
            regions.add(new GivenRegion(
                    id,
                    zones.isEmpty() ? List.of(id + "-1") : zones,
                    fields.flag("default", false),
                    fields.flag("reachable", true),
                    fields.has("outagePatience") ? fields.span("outagePatience") : Region.OUTAGE_PATIENCE,
                    stock));
        }
        return regions;
    }

    private static List<PlayedNode> nodes(Path file, Fields scenario) {
        var nodes = new ArrayList<PlayedNode>();
        var names = new TreeSet<String>();
        for (Yaml item : scenario.items("nodes")) {
            var fields = Fields.of(file, "a node", item, List.of("name", "labels", "resources", "ready", "joinsLater"));
            String name = fields.text("name");
            if (!names.add(name)) {
                throw fields.error("name", "node '%s' is given twice.".formatted(name));
            }
            nodes.add(new PlayedNode(
                    name,
                    fields.map("labels"),
                    fields.map("resources"),
                    fields.flag("ready", true),
                    fields.flag("joinsLater", false)));
        }
        return nodes;
    }

    private static Map<String, ObjectNode> objects(Path file, Fields scenario) {
        var objects = new LinkedHashMap<String, ObjectNode>();
        for (Yaml.Entry entry : scenario.entries("objects")) {
            if (!(entry.value().json() instanceof ObjectNode object)
                    || !object.path("apiVersion").isTextual()
                    || !object.path("kind").isTextual()
                    || !object.path("metadata").path("name").isTextual()) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "object '%s' must be a Kubernetes object with apiVersion, kind and metadata.name."
                                .formatted(entry.key()));
            }
            String kind = object.path("kind").asText();
            var namespaces = NAMESPACES_BY_KIND.get(kind);
            if (namespaces == null) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "object '%s' is a %s; allowed are %s."
                                .formatted(entry.key(), kind, String.join(", ", NAMESPACES_BY_KIND.keySet())));
            }
            String namespace = Scenario.namespaceOf(object);
            if (!namespaces.contains(namespace)) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "object '%s' is in namespace %s; a %s can be in %s."
                                .formatted(entry.key(), namespace, kind, String.join(" or ", namespaces)));
            }
            objects.put(entry.key(), object);
        }
        return objects;
    }
}
