package dev.spillway.trials.scenario;

import static dev.spillway.trials.scenario.Snapshot.condition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What can be said about one pod: a closed list, each with its one meaning and its opposite. Immutable. */
sealed interface PodCheck {
    /** In words, after "every pod". */
    String text();

    /** What was seen instead; empty where it holds. */
    Optional<String> mismatch(JsonNode pod, Snapshot snapshot);

    /** Another check of this list that cannot hold of the same pod. */
    PodCheck inverted();

    /** Its phase. */
    record Phase(String phase) implements PodCheck {
        @Override
        public String text() {
            return "has phase " + phase;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return differs(phase, pod.path("status").path("phase").asText("none"), "phase ");
        }

        @Override
        public PodCheck inverted() {
            return new Phase(phase.equals("Pending") ? "Running" : "Pending");
        }
    }

    /** A label of the node that it is bound to. */
    record OnNode(String label, String value) implements PodCheck {
        @Override
        public String text() {
            return "is on a node with %s=%s".formatted(label, value);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            String seen = snapshot.nodeOf(pod)
                    .map(node ->
                            "is on %s with %s=%s".formatted(Snapshot.name(node), label, Snapshot.label(node, label)))
                    .orElse("is on no node");
            boolean holds = snapshot.nodeOf(pod)
                    .map(node -> Snapshot.label(node, label).equals(value))
                    .orElse(false);
            return holds ? Optional.empty() : Optional.of(seen);
        }

        @Override
        public PodCheck inverted() {
            return new OnNode(label, "other-than-" + value);
        }
    }

    /** The two maps of an object's metadata. */
    enum In {
        LABELS,
        ANNOTATIONS;

        String one() {
            return this == LABELS ? "label" : "annotation";
        }

        JsonNode of(JsonNode pod) {
            return pod.path("metadata").path(name().toLowerCase(Locale.ROOT));
        }
    }

    /** A label or annotation with its value. */
    record Has(In where, String key, String value) implements PodCheck {
        @Override
        public String text() {
            return "has %s %s=%s".formatted(where.one(), key, value);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return differs(value, where.of(pod).path(key).asText("absent"), where.one() + " " + key + " ");
        }

        @Override
        public PodCheck inverted() {
            return new Lacks(where, key);
        }
    }

    /** A label or annotation, whatever its value. */
    record HasKey(In where, String key) implements PodCheck {
        @Override
        public String text() {
            return "has a %s %s".formatted(where.one(), key);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return where.of(pod).has(key) ? Optional.empty() : Optional.of("has none");
        }

        @Override
        public PodCheck inverted() {
            return new Lacks(where, key);
        }
    }

    /** No such label or annotation. */
    record Lacks(In where, String key) implements PodCheck {
        @Override
        public String text() {
            return "has no %s %s".formatted(where.one(), key);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            JsonNode seen = where.of(pod).path(key);
            return seen.isMissingNode() ? Optional.empty() : Optional.of("has %s=%s".formatted(key, seen.asText()));
        }

        @Override
        public PodCheck inverted() {
            return new HasKey(where, key);
        }
    }

    /** Some label with this value, whatever its key. */
    record HasLabelValue(String value) implements PodCheck {
        @Override
        public String text() {
            return "has a label with value " + value;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return carriers(pod, value).isEmpty() ? Optional.of("has none") : Optional.empty();
        }

        @Override
        public PodCheck inverted() {
            return new LacksLabelValue(value);
        }
    }

    /** No label with this value. */
    record LacksLabelValue(String value) implements PodCheck {
        @Override
        public String text() {
            return "has no label with value " + value;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return carriers(pod, value).map(key -> "has %s=%s".formatted(key, value));
        }

        @Override
        public PodCheck inverted() {
            return new HasLabelValue(value);
        }
    }

    /** Status and, unless empty, reason of a condition. */
    record Condition(String type, String status, String reason) implements PodCheck {
        @Override
        public String text() {
            return "has condition %s=%s%s".formatted(type, status, reason.isEmpty() ? "" : ", reason " + reason);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            JsonNode seen = condition(pod, type);
            if (seen.isMissingNode()) {
                return Optional.of("has no condition " + type);
            }
            boolean holds = seen.path("status").asText().equals(status)
                    && (reason.isEmpty() || seen.path("reason").asText().equals(reason));
            return holds
                    ? Optional.empty()
                    : Optional.of("has %s=%s, reason %s"
                            .formatted(
                                    type,
                                    seen.path("status").asText(),
                                    seen.path("reason").asText("none")));
        }

        @Override
        public PodCheck inverted() {
            return new Condition(type, status.equals("True") ? "False" : "True", reason);
        }
    }

    /** A part of a condition's message. */
    record ConditionSays(String type, String part) implements PodCheck {
        @Override
        public String text() {
            return "has a condition %s that says '%s'".formatted(type, part);
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            String seen = condition(pod, type).path("message").asText();
            return seen.contains(part) ? Optional.empty() : Optional.of("it says '%s'".formatted(seen));
        }

        @Override
        public PodCheck inverted() {
            return new ConditionSays(type, "not: " + part);
        }
    }

    /** An event about it. */
    record EventSeen(WantedEvent event) implements PodCheck {
        @Override
        public String text() {
            return "has an event" + event.text();
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return event.mismatch(snapshot.eventsOf(pod));
        }

        @Override
        public PodCheck inverted() {
            return new EventSeen(event.inverted());
        }
    }

    /** The reason of its whole status, which kubectl shows in place of the phase. */
    record StatusReason(String reason) implements PodCheck {
        @Override
        public String text() {
            return "has status reason " + reason;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return differs(reason, pod.path("status").path("reason").asText("none"), "status reason ");
        }

        @Override
        public PodCheck inverted() {
            return new StatusReason("other-than-" + reason);
        }
    }

    /** A toleration of taints with this key in its specification. */
    record Tolerates(String key) implements PodCheck {
        @Override
        public String text() {
            return "has a toleration of " + key;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return tolerates(pod, key) ? Optional.empty() : Optional.of("has none");
        }

        @Override
        public PodCheck inverted() {
            return new LacksToleration(key);
        }
    }

    /** No toleration of taints with this key, nor one of all taints. */
    record LacksToleration(String key) implements PodCheck {
        @Override
        public String text() {
            return "has no toleration of " + key;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return tolerates(pod, key) ? Optional.of("has " + pod.path("spec").path("tolerations")) : Optional.empty();
        }

        @Override
        public PodCheck inverted() {
            return new Tolerates(key);
        }
    }

    /** The scheduler that it names. */
    record SchedulerName(String name) implements PodCheck {
        @Override
        public String text() {
            return "names the scheduler " + name;
        }

        @Override
        public Optional<String> mismatch(JsonNode pod, Snapshot snapshot) {
            return differs(name, pod.path("spec").path("schedulerName").asText("none"), "scheduler ");
        }

        @Override
        public PodCheck inverted() {
            return new SchedulerName("other-than-" + name);
        }
    }

    private static Optional<String> differs(String expected, String seen, String what) {
        return seen.equals(expected) ? Optional.empty() : Optional.of(what + "is " + seen);
    }

    private static Optional<String> carriers(JsonNode pod, String value) {
        return In.LABELS.of(pod).properties().stream()
                .filter(label -> label.getValue().asText().equals(value))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean tolerates(JsonNode pod, String key) {
        for (JsonNode toleration : pod.path("spec").path("tolerations")) {
            if (toleration.path("key").asText(key).equals(key)) {
                return true;
            }
        }
        return false;
    }
}
