package dev.spillway.app.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.scenario.Scenario.GivenRegion;
import dev.spillway.app.scenario.Scenario.Stock;
import dev.spillway.app.scenario.file.Fields;
import dev.spillway.app.scenario.file.MalformedScenarioException;
import dev.spillway.app.scenario.file.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads scenario files; the format is described in {@code scenarios/README.md}. What is misspelt or cannot be meant is a
 * {@link MalformedScenarioException}, so that no expectation is lost by a slip.
 */
final class ScenarioFile {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final List<String> STEPS =
            List.of("apply", "scale", "delete", "advance", "stock", "fail", "wait", "hold");
    private static final List<String> KINDS = List.of("Deployment", "Pod", "ResourcePolicy");

    private final Path file;
    private final Set<String> regions = new LinkedHashSet<>();
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final Set<String> applied = new LinkedHashSet<>();
    private final ExpectationReader expectations;

    private ScenarioFile(Path file, List<GivenRegion> regions, Map<String, ObjectNode> objects) {
        this.file = file;
        regions.forEach(region -> this.regions.add(region.id()));
        this.objects.putAll(objects);
        this.expectations = new ExpectationReader(
                file, this.regions, namesOf(objects, "Deployment"), namesOf(objects, "ResourcePolicy"));
    }

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
                file, "a scenario", Yaml.read(file), List.of("title", "regions", "objects", "steps", "expect"));
        String title = fields.text("title");
        var regions = regions(file, fields);
        var objects = objects(file, fields);
        return new ScenarioFile(file, regions, objects).read(fields, title, regions);
    }

    private Scenario read(Fields fields, String title, List<GivenRegion> given) {
        var steps = fields.items("steps").stream().map(this::step).toList();
        if (steps.isEmpty()) {
            throw fields.error(
                    "steps", "a scenario needs at least one step; allowed are %s.".formatted(String.join(", ", STEPS)));
        }
        for (String name : objects.keySet()) {
            if (!applied.contains(name)) {
                throw fields.error(
                        "objects", "object '%s' is applied by no step; apply it or leave it out.".formatted(name));
            }
        }
        var expected = expectations.read(fields.items("expect"));
        if (expected.isEmpty()) {
            throw fields.error("expect", "a scenario needs 'expect': what must hold after the last step.");
        }
        return new Scenario(file, title, given, objects, steps, expected);
    }

    private Step step(Yaml yaml) {
        var all = new ArrayList<>(STEPS);
        all.addAll(List.of("until", "within", "expect"));
        var fields = Fields.of(file, "a step", yaml, all);
        var kinds = STEPS.stream().filter(fields::has).toList();
        if (kinds.size() != 1) {
            throw fields.error(
                    fields.line(),
                    "a step has exactly one of %s; this one has %s."
                            .formatted(
                                    String.join(", ", STEPS), kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
        }
        String kind = kinds.getFirst();
        fields = Fields.of(
                file,
                kind,
                yaml,
                switch (kind) {
                    case "wait" -> List.of(kind, "until", "within");
                    case "hold" -> List.of(kind, "expect");
                    default -> List.of(kind);
                });
        return switch (kind) {
            case "apply" -> apply(fields);
            case "scale" -> scale(fields.value(kind));
            case "delete" -> new Step.Delete(object(fields, kind, fields.text(kind)));
            case "advance" -> new Step.Advance(fields.span(kind));
            case "stock" -> setStock(fields.value(kind));
            case "fail" ->
                new Step.Fail(Fields.of(file, "fail", fields.value(kind), List.of("pods"))
                        .map("pods"));
            case "wait" ->
                new Step.Wait(
                        fields.text(kind), fields.has("within") ? fields.span("within") : WAIT, some(fields, "until"));
            case "hold" -> new Step.Hold(fields.text(kind), some(fields, "expect"));
            default -> throw new IllegalStateException("The step (%s) is listed but not read.".formatted(kind));
        };
    }

    private List<Expectation> some(Fields fields, String key) {
        var read = expectations.read(fields.items(key));
        if (read.isEmpty()) {
            throw fields.error(key, "'%s' is missing or empty; give at least one expectation.".formatted(key));
        }
        return read;
    }

    private Step apply(Fields fields) {
        var names = fields.texts("apply");
        if (names.isEmpty()) {
            throw fields.error("apply", "'apply' is empty; name an object.");
        }
        names.forEach(name -> applied.add(object(fields, "apply", name)));
        return new Step.Apply(names);
    }

    private Step scale(Yaml value) {
        var fields = Fields.of(file, "scale", value, List.of("deployment", "replicas"));
        String name = fields.text("deployment");
        var deployments = namesOf(objects, "Deployment");
        if (!deployments.contains(name)) {
            throw fields.error(
                    "deployment",
                    "the file has no Deployment '%s'; it has %s."
                            .formatted(name, deployments.isEmpty() ? "none" : String.join(", ", deployments)));
        }
        return new Step.Scale(name, fields.count("replicas"));
    }

    private Step setStock(Yaml value) {
        var fields = Fields.of(
                file,
                "stock",
                value,
                List.of("region", "computeClass", "computeQos", "gpuModel", "zones", "instances"));
        String region = fields.text("region");
        if (!regions.contains(region)) {
            throw fields.error(
                    "region", "the file has no region '%s'; it has %s.".formatted(region, String.join(", ", regions)));
        }
        return new Step.SetStock(region, stock(fields));
    }

    private String object(Fields fields, String key, String name) {
        if (!objects.containsKey(name)) {
            throw fields.error(
                    key,
                    "the file has no object '%s'; it has %s."
                            .formatted(name, objects.isEmpty() ? "none" : String.join(", ", objects.keySet())));
        }
        return name;
    }

    private static List<GivenRegion> regions(Path file, Fields scenario) {
        var regions = new ArrayList<GivenRegion>();
        var ids = new TreeSet<String>();
        for (Yaml item : scenario.items("regions")) {
            var fields = Fields.of(file, "a region", item, List.of("id", "zones", "default", "stock"));
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
                    .map(ScenarioFile::stock)
                    .toList();
            regions.add(new GivenRegion(
                    id, zones.isEmpty() ? List.of(id + "-1") : zones, fields.flag("default", false), stock));
        }
        if (regions.isEmpty()) {
            throw scenario.error("regions", "a scenario needs at least one region.");
        }
        return regions;
    }

    private static Stock stock(Fields fields) {
        return new Stock(
                fields.text("computeClass", "general-purpose"),
                fields.text("computeQos", "default"),
                fields.text("gpuModel", ""),
                fields.texts("zones"),
                fields.count("instances"));
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
            if (!KINDS.contains(kind)) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "object '%s' is a %s; allowed are %s.".formatted(entry.key(), kind, String.join(", ", KINDS)));
            }
            String namespace = object.path("metadata").path("namespace").asText(Scenario.NAMESPACE);
            if (!namespace.equals(Scenario.NAMESPACE)) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "object '%s' is in namespace %s; only %s, which stands for the scenario's own, can be used."
                                .formatted(entry.key(), namespace, Scenario.NAMESPACE));
            }
            objects.put(entry.key(), object);
        }
        return objects;
    }

    private static Set<String> namesOf(Map<String, ObjectNode> objects, String kind) {
        var names = new TreeSet<String>();
        for (ObjectNode object : objects.values()) {
            if (object.path("kind").asText().equals(kind)) {
                names.add(Snapshot.name(object));
            }
        }
        return names;
    }
}
