package dev.spillway.app.scenario;

import dev.spillway.app.scenario.PodCheck.In;
import dev.spillway.app.scenario.file.Fields;
import dev.spillway.app.scenario.file.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the closed list of expectations; each key of the format is named here once. */
final class ExpectationReader {
    private static final List<String> KEYS = List.of(
            "count",
            "onVirtualNodes",
            "regions",
            "units",
            "phase",
            "node",
            "labels",
            "labelsAbsent",
            "labelValuesAbsent",
            "annotations",
            "annotationsPresent",
            "annotationsAbsent",
            "condition",
            "event",
            "tolerationsAbsent",
            "schedulerName",
            "templateUnchanged",
            "readyReplicas",
            "policyCondition");
    private static final List<String> KEYS_AND_PODS =
            Stream.concat(Stream.of("pods"), KEYS.stream()).toList();
    private static final Set<String> NOT_ABOUT_PODS = Set.of("templateUnchanged", "readyReplicas", "policyCondition");
    private static final List<String> PHASES = List.of("Pending", "Running", "Succeeded", "Failed");

    private final Path file;
    private final Set<String> regions;
    private final Set<String> deployments;
    private final Set<String> policies;

    /** Complains about regions, Deployments and policies that the file does not have: nothing could hold of them. */
    ExpectationReader(Path file, Set<String> regions, Set<String> deployments, Set<String> policies) {
        this.file = file;
        this.regions = regions;
        this.deployments = deployments;
        this.policies = policies;
    }

    /** Reads a list; an item such as {@code labels} with three labels makes three expectations. */
    List<Expectation> read(List<Yaml> items) {
        return items.stream().flatMap(item -> read(item).stream()).toList();
    }

    private List<Expectation> read(Yaml item) {
        var fields = Fields.of(file, "an expectation", item, KEYS_AND_PODS);
        var keys = KEYS.stream().filter(fields::has).toList();
        if (keys.size() != 1) {
            throw fields.error(
                    fields.line(),
                    "an expectation has exactly one of %s, beside pods; this one has %s."
                            .formatted(String.join(", ", KEYS), keys.isEmpty() ? "none" : String.join(" and ", keys)));
        }
        String key = keys.getFirst();
        if (NOT_ABOUT_PODS.contains(key) && fields.has("pods")) {
            throw fields.error("pods", "%s is not about pods; leave 'pods' out.".formatted(key));
        }
        var expectations = read(key, fields, fields.map("pods"));
        if (expectations.isEmpty()) {
            throw fields.error(key, "'%s' says nothing; give at least one entry.".formatted(key));
        }
        return expectations;
    }

    private List<Expectation> read(String key, Fields fields, Map<String, String> pods) {
        return switch (key) {
            case "count" -> List.of(new Expectation.PodCount(pods, fields.count(key)));
            case "onVirtualNodes" -> List.of(new Expectation.VirtualNodeCount(pods, fields.count(key)));
            case "regions" -> List.of(new Expectation.ByRegion(pods, regions(fields)));
            case "units" -> List.of(new Expectation.ByUnit(pods, someCounts(fields, key)));
            case "templateUnchanged" ->
                List.of(new Expectation.Template(
                        known(fields, key, fields.text(key), deployments, "Deployment"), true));
            case "readyReplicas" ->
                fields.counts(key).entrySet().stream()
                        .<Expectation>map(entry -> new Expectation.ReadyReplicas(
                                known(fields, key, entry.getKey(), deployments, "Deployment"), entry.getValue()))
                        .toList();
            case "policyCondition" -> {
                var condition =
                        Fields.of(file, "policyCondition", fields.value(key), List.of("policy", "type", "status"));
                String policy = known(fields, key, condition.text("policy"), policies, "ResourcePolicy");
                yield List.of(
                        new Expectation.PolicyCondition(policy, condition.text("type"), condition.text("status")));
            }
            default ->
                checks(key, fields).stream()
                        .<Expectation>map(check -> new Expectation.EveryPod(pods, check))
                        .toList();
        };
    }

    private List<PodCheck> checks(String key, Fields fields) {
        return switch (key) {
            case "phase" -> List.of(new PodCheck.Phase(phase(fields)));
            case "node" -> each(fields.map(key), PodCheck.OnNode::new);
            case "labels" -> each(fields.map(key), (name, value) -> new PodCheck.Has(In.LABELS, name, value));
            case "annotations" -> each(fields.map(key), (name, value) -> new PodCheck.Has(In.ANNOTATIONS, name, value));
            case "labelsAbsent" -> checks(fields.texts(key), name -> new PodCheck.Lacks(In.LABELS, name));
            case "annotationsAbsent" -> checks(fields.texts(key), name -> new PodCheck.Lacks(In.ANNOTATIONS, name));
            case "annotationsPresent" -> checks(fields.texts(key), name -> new PodCheck.HasKey(In.ANNOTATIONS, name));
            case "labelValuesAbsent" -> checks(fields.texts(key), PodCheck.LacksLabelValue::new);
            case "tolerationsAbsent" -> checks(fields.texts(key), PodCheck.LacksToleration::new);
            case "schedulerName" -> List.of(new PodCheck.SchedulerName(fields.text(key)));
            case "condition" -> condition(fields.value(key));
            case "event" -> event(fields.value(key));
            default -> throw new IllegalStateException("The expectation (%s) is listed but not read.".formatted(key));
        };
    }

    private List<PodCheck> condition(Yaml value) {
        var fields = Fields.of(file, "condition", value, List.of("type", "status", "reason", "says"));
        var checks = new ArrayList<PodCheck>();
        checks.add(new PodCheck.Condition(fields.text("type"), fields.text("status"), fields.text("reason", "")));
        fields.texts("says").forEach(part -> checks.add(new PodCheck.ConditionSays(fields.text("type"), part)));
        return checks;
    }

    private List<PodCheck> event(Yaml value) {
        var fields = Fields.of(file, "event", value, List.of("reason", "says"));
        return List.of(new PodCheck.EventSeen(fields.text("reason"), fields.text("says", "")));
    }

    private static String phase(Fields fields) {
        String phase = fields.text("phase");
        if (!PHASES.contains(phase)) {
            throw fields.error(
                    "phase", "there is no phase '%s'; allowed are %s.".formatted(phase, String.join(", ", PHASES)));
        }
        return phase;
    }

    private Map<String, Integer> regions(Fields fields) {
        var counts = someCounts(fields, "regions");
        counts.keySet().forEach(region -> known(fields, "regions", region, regions, "region"));
        return counts;
    }

    private static Map<String, Integer> someCounts(Fields fields, String key) {
        var counts = fields.counts(key);
        if (counts.isEmpty()) {
            throw fields.error(key, "'%s' says nothing; use 'onVirtualNodes: 0' for no pod anywhere.".formatted(key));
        }
        return counts;
    }

    private static String known(Fields fields, String key, String name, Set<String> names, String what) {
        if (!names.contains(name)) {
            throw fields.error(
                    key,
                    "the file has no %s '%s'; it has %s."
                            .formatted(what, name, names.isEmpty() ? "none" : String.join(", ", names)));
        }
        return name;
    }

    private static List<PodCheck> each(Map<String, String> map, BiFunction<String, String, PodCheck> check) {
        return map.entrySet().stream()
                .map(entry -> check.apply(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static List<PodCheck> checks(List<String> names, Function<String, PodCheck> check) {
        return names.stream().map(check).toList();
    }
}
