package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Instance.State;
import dev.spillway.kube.translate.StatusDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the region's cluster says of a pod, as a report about an instance and as a status for the home cluster. Stateless; nothing is trusted. */
public final class StatusMapping {
    static final int WORD = 253;

    private static final int MESSAGE = 1024;
    private static final int LONGEST_STATUS = 256 * 1024;
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");
    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private StatusMapping() {}

    /**
     * Whether the region's scheduler has given the pod a node; before that it is no instance.
     *
     * @param pod as the region has it
     */
    public static boolean isScheduled(JsonNode pod) {
        return !pod.at("/spec/nodeName").asText().isEmpty()
                || condition(pod, "PodScheduled").path("status").asText().equals("True");
    }

    /** What the region's scheduler says against the pod, cut to a line; null where it says nothing, or is making room for it. */
    public static @Nullable String unschedulable(JsonNode pod) {
        var condition = condition(pod, "PodScheduled");
        boolean isNo = condition.path("status").asText().equals("False")
                && condition.path("reason").asText().equals("Unschedulable")
                && pod.at("/status/nominatedNodeName").asText().isEmpty();
        if (!isNo) {
            return null;
        }
        var message = Trees.shown(text(condition.path("message")), MESSAGE);
        return message.isEmpty() ? "Unschedulable" : message;
    }

    /**
     * What a scheduled pod is now.
     *
     * @param before the report of it before, which it does not fall behind: states only move forward
     */
    public static PodReport report(
            JsonNode pod, PodId id, Ownership ownership, long observation, @Nullable PodReport before) {
        var state = state(pod);
        if (before != null && state.compareTo(before.instance().state()) < 0) {
            return before.at(observation);
        }
        var status = new HomeStatus(pod).build();
        var text = json(status);
        var containers = new ContainerReports(pod);
        var end = End.of(pod, containers);
        var instance = new Instance(
                id.instance(),
                ownership.tags(),
                state,
                observation,
                address(pod.at("/status/podIP")),
                shared(address(pod.at("/status/hostIP"))),
                earlier(before == null ? null : before.instance().startedAt(), containers.startedAt()),
                end.at(),
                end.exitCode(),
                end.reason(),
                Trees.shown(text(pod.at("/status/message")), MESSAGE),
                containers.all(),
                text.isEmpty() ? 0 : StatusDigest.of(status));
        return new PodReport(instance, PackedText.of(text));
    }

    /** What was known before stays: a restart hides it. */
    private static @Nullable Instant earlier(@Nullable Instant known, @Nullable Instant seen) {
        return known == null || (seen != null && !seen.isAfter(known)) ? seen : known;
    }

    private static State state(JsonNode pod) {
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return State.ENDING;
        }
        return switch (pod.at("/status/phase").asText()) {
            case "Running", "Unknown" -> State.RUNNING; // Unknown: its node is silent, and it may well run
            case "Succeeded" -> State.SUCCEEDED;
            case "Failed" -> State.FAILED;
            default -> State.STARTING;
        };
    }

    /**
     * How the pod ended; of one that has not, nothing.
     *
     * @param exitCode of its program; 0 where the region ended it
     */
    private record End(@Nullable Instant at, int exitCode, String reason) {
        static End of(JsonNode pod, ContainerReports containers) {
            return switch (pod.at("/status/phase").asText()) {
                case "Succeeded" -> new End(at(pod, containers), 0, "");
                case "Failed" -> failed(pod, containers);
                default -> new End(null, 0, disruption(pod)); // it goes on, but somebody may have decided its end
            };
        }

        private static String disruption(JsonNode pod) {
            var condition = condition(pod, "DisruptionTarget");
            if (!condition.path("status").asText().equals("True")) {
                return "";
            }
            var reason = word(condition.path("reason"));
            return reason.isEmpty() ? "DisruptionTarget" : reason;
        }

        /** A kubelet gives the pod a reason only where the end was not the program's (Evicted, DeadlineExceeded, NodeShutdown ...). */
        private static End failed(JsonNode pod, ContainerReports containers) {
            var reason = word(pod.at("/status/reason"));
            reason = reason.isEmpty() ? disruption(pod) : reason;
            int exitCode = reason.isEmpty() ? containers.exitCode() : 0;
            return new End(at(pod, containers), exitCode, exitCode == 0 && reason.isEmpty() ? "Failed" : reason);
        }

        /** Where no container ran, a condition says since when the pod is no more. */
        private static @Nullable Instant at(JsonNode pod, ContainerReports containers) {
            var finishedAt = containers.finishedAt();
            if (finishedAt != null) {
                return finishedAt;
            }
            return Stream.of("DisruptionTarget", "Ready")
                    .flatMap(type ->
                            Stream.ofNullable(instant(condition(pod, type).path("lastTransitionTime"))))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static String json(ObjectNode status) {
        try {
            var text = SORTED.writeValueAsString(SORTED.treeToValue(status, Object.class));
            return text.length() <= LONGEST_STATUS ? text : "";
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private static JsonNode condition(JsonNode pod, String type) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return pod.path("/"); // missing
    }

    private static @Nullable String address(JsonNode node) {
        return isAddress(text(node)) ? text(node) : null;
    }

    /** What many pods have in common is kept once. */
    private static @Nullable String shared(@Nullable String text) {
        return text == null ? null : text.intern();
    }

    /** A text, empty where it is none. */
    static String text(JsonNode node) {
        var text = node.textValue();
        return text == null ? "" : text;
    }

    /** A reason or a name, of a sensible length; many pods have the same. */
    static String word(JsonNode node) {
        return Trees.shown(text(node), WORD).intern();
    }

    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    static @Nullable Instant instant(JsonNode node) {
        var text = node.textValue();
        try {
            return text == null || text.length() > 64 ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
