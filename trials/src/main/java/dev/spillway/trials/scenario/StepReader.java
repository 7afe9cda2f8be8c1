package dev.spillway.trials.scenario;

import dev.spillway.regions.simulated.Outage;
import dev.spillway.trials.scenario.Scenario.Stock;
import dev.spillway.trials.scenario.file.Fields;
import dev.spillway.trials.scenario.file.Yaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the closed list of steps; each key of the format is named here once. */
final class StepReader {
    /** Keys of which a step has exactly one. */
    static final List<String> STEPS = List.of(
            "apply",
            "scale",
            "delete",
            "terminate",
            "letGo",
            "bind",
            "join",
            "leave",
            "nodeReady",
            "nodeNotReady",
            "unready",
            "advance",
            "stock",
            "fail",
            "reclaim",
            "failAfterAccept",
            "outage",
            "deletePods",
            "cordon",
            "deleteNode",
            "zones",
            "loseAnswers",
            "wait",
            "hold");

    private static final List<String> BESIDE = List.of("until", "within", "for", "expect");
    private static final Map<String, Outage> OUTAGES = new TreeMap<>(Map.of(
            "None", new Outage.None(),
            "Unavailable", new Outage.Unavailable(),
            "Unauthorised", new Outage.Unauthorised(),
            "Throttled", new Outage.Throttled(Duration.ofSeconds(1)),
            "Hang", new Outage.Hang()));
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration HOLD = Duration.ofMinutes(10); // as long as a shortage is worth waiting for

    private final Path file;
    private final GivenNames given;
    private final ExpectationReader expectations;
    private final Set<String> applied = new LinkedHashSet<>();

    StepReader(Path file, GivenNames given, ExpectationReader expectations) {
        this.file = file;
        this.given = given;
        this.expectations = expectations;
    }

    List<Step> read(List<Yaml> items) {
        return items.stream().map(this::step).toList();
    }

    /** Names of the objects that some step applies. */
    Set<String> applied() {
        return applied;
    }

    /** A line of stock, as regions and steps write it. */
    static Stock stock(Fields fields) {
        return new Stock(
                fields.text("computeClass", "general-purpose"),
                fields.text("computeQos", "default"),
                fields.text("gpuModel", ""),
                fields.texts("zones"),
                fields.count("instances"));
    }

    private Step step(Yaml yaml) {
        var all = new ArrayList<>(STEPS);
        all.addAll(BESIDE);
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
                    case "hold" -> List.of(kind, "for", "expect");
                    default -> List.of(kind);
                });
        return step(kind, fields);
    }

    private Step step(String kind, Fields fields) {
        return switch (kind) {
            case "apply" -> apply(fields);
            case "scale" -> scale(fields.value(kind));
            case "delete" -> new Step.Delete(given.object(fields, kind, fields.text(kind)));
            case "terminate" -> new Step.Terminate(given.pod(fields, kind, fields.text(kind)));
            case "letGo" -> new Step.LetGo(given.pod(fields, kind, fields.text(kind)));
            case "bind" -> bind(fields.value(kind));
            case "join" -> new Step.Join(given.node(fields, kind, fields.text(kind)));
            case "leave" -> new Step.Leave(given.node(fields, kind, fields.text(kind)));
            case "nodeReady" -> new Step.NodeReady(given.node(fields, kind, fields.text(kind)), true);
            case "nodeNotReady" -> new Step.NodeReady(given.node(fields, kind, fields.text(kind)), false);
            case "unready" -> unready(fields.value(kind));
            case "advance" -> new Step.Advance(fields.span(kind));
            case "stock" -> setStock(fields.value(kind));
            case "fail" ->
                new Step.Fail(Fields.of(file, kind, fields.value(kind), List.of("pods"))
                        .map("pods"));
            case "reclaim" ->
                new Step.Reclaim(Fields.of(file, kind, fields.value(kind), List.of("pods"))
                        .map("pods"));
            case "failAfterAccept" -> failAfterAccept(fields.value(kind));
            case "deletePods" -> new Step.DeletePods(fields.map(kind));
            case "outage" -> outage(fields.value(kind));
            case "deleteNode" -> new Step.DeleteNode(fields.text(kind));
            case "cordon" -> new Step.Cordon(fields.text(kind));
            case "zones" -> zones(fields.value(kind));
            case "loseAnswers" -> loseAnswers(fields.value(kind));
            case "wait" ->
                new Step.Wait(
                        fields.text(kind), fields.has("within") ? fields.span("within") : WAIT, some(fields, "until"));
            case "hold" ->
                new Step.Hold(fields.text(kind), fields.has("for") ? fields.span("for") : HOLD, some(fields, "expect"));
            default -> throw new IllegalStateException("The step (%s) is listed but not read.".formatted(kind));
        };
    }

    private Step outage(Yaml value) {
        var fields = Fields.of(file, "outage", value, List.of("region", "is"));
        String is = fields.text("is");
        var outage = OUTAGES.get(is);
        if (outage == null) {
            throw fields.error(
                    "is",
                    "there is no outage '%s'; allowed are %s.".formatted(is, String.join(", ", OUTAGES.keySet())));
        }
        return new Step.SetOutage(given.region(fields, "region", fields.text("region")), outage);
    }

    private Step zones(Yaml value) {
        var fields = Fields.of(file, "zones", value, List.of("region", "zones"));
        return new Step.Zones(given.region(fields, "region", fields.text("region")), fields.texts("zones"));
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
        names.forEach(name -> applied.add(given.object(fields, "apply", name)));
        return new Step.Apply(names);
    }

    private Step scale(Yaml value) {
        var fields = Fields.of(file, "scale", value, List.of("deployment", "replicas"));
        String name = given.ofKind(fields, "deployment", fields.text("deployment"), "Deployment");
        return new Step.Scale(name, fields.count("replicas"));
    }

    // The node may be a virtual one, which the file does not give.
    private Step bind(Yaml value) {
        var fields = Fields.of(file, "bind", value, List.of("pod", "node"));
        return new Step.Bind(given.pod(fields, "pod", fields.text("pod")), fields.text("node"));
    }

    private Step unready(Yaml value) {
        var fields = Fields.of(file, "unready", value, List.of("pods", "node"));
        return new Step.Unready(fields.map("pods"), given.node(fields, "node", fields.text("node")));
    }

    private Step setStock(Yaml value) {
        var fields = Fields.of(
                file,
                "stock",
                value,
                List.of("region", "computeClass", "computeQos", "gpuModel", "zones", "instances"));
        return new Step.SetStock(given.region(fields, "region", fields.text("region")), stock(fields));
    }

    private Step failAfterAccept(Yaml value) {
        var fields = Fields.of(file, "failAfterAccept", value, List.of("region", "perMille"));
        return new Step.FailAfterAccept(
                given.region(fields, "region", fields.text("region")), fields.count("perMille"));
    }

    private Step loseAnswers(Yaml value) {
        var fields = Fields.of(file, "loseAnswers", value, List.of("region", "perMille"));
        return new Step.LoseAnswers(given.region(fields, "region", fields.text("region")), fields.count("perMille"));
    }
}
