package dev.spillway.trials.scenario;

import dev.spillway.trials.scenario.Expectation.EventOn.Subject;
import dev.spillway.trials.scenario.Expectation.StatusCondition;
import dev.spillway.trials.scenario.PodCheck.In;
import dev.spillway.trials.scenario.file.Fields;
import dev.spillway.trials.scenario.file.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
            "nodes",
            "phases",
            "terminating",
            "phase",
            "statusReason",
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
            "policyCondition",
            "regionCondition",
            "offerState",
            "virtualNodeState",
            "eventOn",
            "unreplaced");
    private static final List<String> KEYS_AND_PODS =
            Stream.concat(Stream.of("pods"), KEYS.stream()).toList();
    private static final Set<String> NOT_ABOUT_PODS = Set.of(
            "templateUnchanged",
            "readyReplicas",
            "policyCondition",
            "regionCondition",
            "offerState",
            "virtualNodeState",
            "eventOn",
            "unreplaced");
    private static final List<String> PHASES = List.of("Pending", "Running", "Succeeded", "Failed");

    private final Path file;
    private final GivenNames given;

    /** Complains about names that the file does not give: nothing could hold of them. */
    ExpectationReader(Path file, GivenNames given) {
        this.file = file;
        this.given = given;
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
            case "nodes" -> List.of(new Expectation.ByNode(pods, nodes(fields)));
            case "phases" -> List.of(new Expectation.ByPhase(pods, phases(fields)));
            case "terminating" -> List.of(new Expectation.TerminatingCount(pods, fields.count(key)));
            case "eventOn" -> List.of(eventOn(fields.value(key)));
            case "unreplaced" -> List.of(new Expectation.Unreplaced(given.pod(fields, key, fields.text(key)), true));
            case "templateUnchanged" ->
                List.of(new Expectation.Template(given.ofKind(fields, key, fields.text(key), "Deployment"), true));
            case "readyReplicas" ->
                fields.counts(key).entrySet().stream()
                        .<Expectation>map(entry -> new Expectation.ReadyReplicas(
                                given.ofKind(fields, key, entry.getKey(), "Deployment"), entry.getValue()))
                        .toList();
            case "virtualNodeState" ->
                fields.map(key).entrySet().stream()
                        .<Expectation>map(
                                entry -> new Expectation.NodeState(entry.getKey(), nodeState(fields, entry.getValue())))
                        .toList();
            case "policyCondition" -> {
                var condition = ofStatus(key, "policy", fields.value(key));
                yield List.of(statusCondition(
                        StatusCondition.Holder.POLICY,
                        given.ofKind(fields, key, condition.text("policy"), "ResourcePolicy"),
                        condition));
            }
            case "regionCondition" -> {
                var condition = ofStatus(key, "region", fields.value(key));
                yield List.of(statusCondition(
                        StatusCondition.Holder.REGION, given.region(fields, key, condition.text("region")), condition));
            }
            case "offerState" ->
                fields.map(key).entrySet().stream()
                        .<Expectation>map(entry ->
                                new Expectation.OfferState(given.region(fields, key, entry.getKey()), entry.getValue()))
                        .toList();
            default ->
                checks(key, fields).stream()
                        .<Expectation>map(check -> new Expectation.EveryPod(pods, check))
                        .toList();
        };
    }

    private List<PodCheck> checks(String key, Fields fields) {
        return switch (key) {
            case "phase" -> List.of(new PodCheck.Phase(phase(fields)));
            case "statusReason" -> List.of(new PodCheck.StatusReason(fields.text(key)));
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
        var fields = Fields.of(file, "event", value, List.of("type", "reason", "says"));
        return List.of(new PodCheck.EventSeen(wanted(fields)));
    }

    private Fields ofStatus(String key, String holder, Yaml value) {
        return Fields.of(file, key, value, List.of(holder, "type", "status", "reason", "says"));
    }

    private static Expectation statusCondition(StatusCondition.Holder holder, String name, Fields condition) {
        return new StatusCondition(
                holder,
                name,
                condition.text("type"),
                condition.text("status"),
                condition.text("reason", ""),
                condition.text("says", ""));
    }

    private Expectation eventOn(Yaml value) {
        var subjects = Arrays.stream(Subject.values()).map(Subject::word).toList();
        var fields = Fields.of(
                file,
                "eventOn",
                value,
                Stream.concat(subjects.stream(), Stream.of("type", "reason", "says"))
                        .toList());
        var named = Arrays.stream(Subject.values())
                .filter(subject -> fields.has(subject.word()))
                .toList();
        if (named.size() != 1) {
            throw fields.error(
                    fields.line(), "an event is on exactly one of %s.".formatted(String.join(", ", subjects)));
        }
        var subject = named.getFirst();
        return new Expectation.EventOn(subject, subject(fields, subject), wanted(fields));
    }

    // The node may be a virtual one, which the file does not give.
    private String subject(Fields fields, Subject subject) {
        String key = subject.word();
        String name = fields.text(key);
        return switch (subject) {
            case OBJECT -> given.object(fields, key, name);
            case NODE -> name;
            case REGION -> given.region(fields, key, name);
        };
    }

    private static WantedEvent wanted(Fields fields) {
        String type = fields.text("type", "");
        if (!type.isEmpty() && !WantedEvent.TYPES.contains(type)) {
            throw fields.error(
                    "type",
                    "there is no type '%s'; allowed are %s.".formatted(type, String.join(", ", WantedEvent.TYPES)));
        }
        var event = new WantedEvent(type, fields.text("reason", ""), fields.text("says", ""));
        if (event.reason().isEmpty() && event.part().isEmpty()) {
            throw fields.error(fields.line(), "an event needs 'reason' or 'says', or both.");
        }
        return event;
    }

    private static String nodeState(Fields fields, String state) {
        if (!Expectation.NodeState.STATES.contains(state)) {
            throw fields.error(
                    "virtualNodeState",
                    "there is no state '%s'; allowed are %s."
                            .formatted(state, String.join(", ", Expectation.NodeState.STATES)));
        }
        return state;
    }

    private static String phase(Fields fields) {
        return phase(fields, "phase", fields.text("phase"));
    }

    private static String phase(Fields fields, String key, String phase) {
        if (!PHASES.contains(phase)) {
            throw fields.error(
                    key, "there is no phase '%s'; allowed are %s.".formatted(phase, String.join(", ", PHASES)));
        }
        return phase;
    }

    private static Map<String, Integer> phases(Fields fields) {
        var counts = someCounts(fields, "phases");
        counts.keySet().forEach(phase -> phase(fields, "phases", phase));
        return counts;
    }

    private Map<String, Integer> nodes(Fields fields) {
        var counts = someCounts(fields, "nodes");
        counts.keySet().forEach(node -> given.node(fields, "nodes", node));
        return counts;
    }

    private Map<String, Integer> regions(Fields fields) {
        var counts = someCounts(fields, "regions");
        counts.keySet().forEach(region -> given.region(fields, "regions", region));
        return counts;
    }

    private static Map<String, Integer> someCounts(Fields fields, String key) {
        var counts = fields.counts(key);
        if (counts.isEmpty()) {
            throw fields.error(key, "'%s' says nothing; use 'onVirtualNodes: 0' for no pod anywhere.".formatted(key));
        }
        return counts;
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
