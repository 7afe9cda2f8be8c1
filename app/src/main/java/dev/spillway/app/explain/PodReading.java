package dev.spillway.app.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.app.cli.CommandException;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.placement.AdmissionRule;
import dev.spillway.core.reason.ExplanationText;
import dev.spillway.core.reason.ScheduledText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a pod object, the labels of its namespace and the pod's events tell. Pure. */
final class PodReading {

    /** Reasons of the events of a pod without a place. */
    private static final Set<String> SAYS_WHY = Set.of("FailedScheduling", "Asking");

    private static final String EXPIRED =
            "There is no event Scheduled any more (an API server keeps events for an hour by default), so what earlier"
                    + " units answered is not known.";

    private final String schedulerName;
    private final JsonNode pod;
    private final JsonNode namespace;
    private final JsonNode events;

    /**
     * A reading.
     *
     * @param schedulerName pods that name it are the controller's; its events name it as their source
     * @param events a list of the pod's events
     */
    PodReading(String schedulerName, JsonNode pod, JsonNode namespace, JsonNode events) {
        this.schedulerName = schedulerName;
        this.pod = pod;
        this.namespace = namespace;
        this.events = events;
    }

    /** What it says of the pod's way; {@link CommandException} where that is nothing, with the reason. */
    Finding finding() {
        if (!spec("nodeName").isEmpty()) {
            return bound();
        }
        if (!isOurs()) {
            throw new CommandException(
                    "Pod %s names the scheduler '%s', not '%s', so Spillway leaves it alone; labels alibabacloud.com/acs and eci matter only in place of default-scheduler, and not on pods of DaemonSets. Set spec.schedulerName, or describe it with kubectl."
                            .formatted(key(), spec("schedulerName"), schedulerName));
        }
        var message = waitingMessage();
        if (message.isEmpty()) {
            throw new CommandException(silence());
        }
        return waiting(Finding.State.WAITING, message, null);
    }

    private Finding waiting(Finding.State state, String message, Finding.@Nullable Placement at) {
        var told = ExplanationText.parse(message);
        return new Finding(
                metadata("namespace"),
                metadata("name"),
                state,
                told.headline(),
                told.lines(),
                at,
                at == null ? created() : null,
                PodNotes.of(pod, ourEvents()));
    }

    private Finding bound() {
        var scheduled = newestEvent("Scheduled");
        var placement = placement(scheduled);
        var created = condition("ContainerInstanceCreated");
        boolean hasInstance = !placement.instance().isEmpty();
        if (!hasInstance && created.path("status").asText().equals("False")) {
            return waiting(
                    Finding.State.WITHOUT_INSTANCE, created.path("message").asText(), placement);
        }
        boolean fromUs = !scheduled.isEmpty() || hasInstance || placement.unit() > 0;
        if (!fromUs) {
            // What no region can run gets one event and no condition.
            var said = newest(ourEvents().filter(event -> PodNotes.type(event).equals("Warning")));
            if (!said.isEmpty()) {
                return waiting(Finding.State.WITHOUT_INSTANCE, said, placement);
            }
            throw new CommandException(
                    "Pod %s is bound to node %s, but not by Spillway: it has none of its annotations and events; describe it with kubectl."
                            .formatted(key(), placement.node()));
        }
        var passed = ExplanationText.parseLines(ScheduledText.passedOver(scheduled));
        var notes = new ArrayList<>(PodNotes.of(pod, ourEvents()));
        if (scheduled.isEmpty() && placement.unit() != 1) {
            notes.add(EXPIRED);
        }
        return new Finding(
                metadata("namespace"),
                metadata("name"),
                Finding.State.PLACED,
                "",
                passed.stream().map(PodReading::over).toList(),
                placement,
                null,
                notes);
    }

    /** What a unit answered then; when it would have been asked again is of no use to a pod that has a place. */
    private static ExplanationText.Line over(ExplanationText.Line line) {
        return new ExplanationText.Line(
                line.position(),
                line.title(),
                line.answers().stream()
                        .map(answer -> new ExplanationText.Answer(answer.code(), answer.text(), null))
                        .toList());
    }

    private Finding.Placement placement(String scheduled) {
        return new Finding.Placement(
                annotation(Names.POLICY),
                number(annotation(Names.POLICY_GENERATION)),
                (int) number(annotation(Names.UNIT)),
                what(scheduled),
                annotation(Names.REGION),
                annotation(Names.ZONE),
                annotation(Names.INSTANCE_ID),
                spec("nodeName"));
    }

    /** As the event of the placement tells it; once that has expired, what the pod itself says. */
    private String what(String scheduled) {
        var told = ScheduledText.what(scheduled);
        if (!told.isEmpty()) {
            return told;
        }
        var region = annotation(Names.REGION);
        if (region.isEmpty()) {
            return "real node";
        }
        var model = label(Names.GPU_MODEL);
        return "%s %s/%s%s"
                .formatted(
                        region,
                        labelOr(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE),
                        labelOr(Names.COMPUTE_QOS, Names.DEFAULT_QOS),
                        model.isEmpty() ? "" : "/" + model);
    }

    /** The condition where we write it, else the newest event: on pods of another scheduler the condition is that one's. */
    private String waitingMessage() {
        if (spec("schedulerName").equals(schedulerName)) {
            var condition = condition("PodScheduled");
            if (condition.path("status").asText().equals("False")
                    && !condition.path("reason").asText().equals("SchedulingGated")) {
                return condition.path("message").asText();
            }
        }
        return newest(ourEvents()
                .filter(event -> SAYS_WHY.contains(event.path("reason").asText())));
    }

    private String silence() {
        if (pod.path("spec").path("schedulingGates").size() > 0) {
            return "Pod %s has scheduling gates, so nobody places it yet; see its spec.schedulingGates."
                    .formatted(key());
        }
        return "Nothing has been said about pod %s yet; look again in a few seconds, and if that stays so see whether a controller runs (kubectl get lease -n spillway-system spillway)."
                .formatted(key());
    }

    /** Whether the controller looks at it: by name, or by a label where no other scheduler is named. */
    private boolean isOurs() {
        return spec("schedulerName").equals(schedulerName)
                || AdmissionRule.namesOurScheduler(
                        labels(pod), labels(namespace), spec("schedulerName"), false, isOfDaemonSet());
    }

    private boolean isOfDaemonSet() {
        var owner = PodNotes.controller(pod);
        return owner != null && owner.path("kind").asText().equals("DaemonSet");
    }

    private static Labels labels(JsonNode object) {
        var labels = new TreeMap<String, String>();
        object.path("metadata")
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return Labels.of(labels);
    }

    private JsonNode condition(String type) {
        return items(pod.path("status").path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private String newestEvent(String reason) {
        return newest(ourEvents().filter(event -> event.path("reason").asText().equals(reason)));
    }

    private Stream<JsonNode> ourEvents() {
        return items(events.path("items"))
                .filter(event -> event.path("reportingComponent").asText().equals(schedulerName)
                        || event.path("source").path("component").asText().equals(schedulerName));
    }

    private static String newest(Stream<JsonNode> events) {
        return events.max(Comparator.comparing(
                                (JsonNode event) -> event.path("lastTimestamp").asText())
                        .thenComparing(
                                event -> event.path("metadata").path("name").asText()))
                .map(event -> event.path("message").asText())
                .orElse("");
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private String key() {
        return metadata("namespace") + "/" + metadata("name");
    }

    private String metadata(String field) {
        return pod.path("metadata").path(field).asText();
    }

    private String spec(String field) {
        return pod.path("spec").path(field).asText();
    }

    private String annotation(String key) {
        return pod.path("metadata").path("annotations").path(key).asText();
    }

    private String label(String key) {
        return pod.path("metadata").path("labels").path(key).asText();
    }

    private String labelOr(String key, String absent) {
        var text = label(key);
        return text.isEmpty() ? absent : text;
    }

    private @Nullable Instant created() {
        try {
            return Instant.parse(metadata("creationTimestamp"));
        } catch (DateTimeParseException e) {
            return null; // no server leaves it out
        }
    }

    private static long number(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // somebody edited the annotation
        }
    }
}
