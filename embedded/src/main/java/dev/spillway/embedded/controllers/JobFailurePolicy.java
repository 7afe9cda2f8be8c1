package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a failed pod means for its Job: the first rule of {@code spec.podFailurePolicy} that matches, else it counts.
 *
 * <p>Rules: kubernetes {@code pkg/controller/job/pod_failure_policy.go}. FailIndex, which needs backoffLimitPerIndex, counts.
 */
record JobFailurePolicy(boolean counts, @Nullable String failsJob) {
    private static final JobFailurePolicy COUNTS = new JobFailurePolicy(true, null);

    /** Whether the Job has such a policy. */
    static boolean isGiven(JsonNode job) {
        return Trees.at(job, "spec", "podFailurePolicy") != null;
    }

    static JobFailurePolicy of(JsonNode job, ObjectNode pod) {
        int index = 0;
        for (JsonNode rule : Trees.elements(job, "spec", "podFailurePolicy", "rules")) {
            String why = "Failed".equals(Trees.text(pod, "status", "phase")) ? match(rule, pod) : null;
            if (why != null) {
                return switch (rule.path("action").asText()) {
                    case "Ignore" -> new JobFailurePolicy(false, null);
                    case "FailJob" ->
                        new JobFailurePolicy(true, "%s matching FailJob rule at index %d".formatted(why, index));
                    default -> COUNTS;
                };
            }
            index++;
        }
        return COUNTS;
    }

    /** What of the pod the rule matches, in words; null where it matches nothing. */
    private static @Nullable String match(JsonNode rule, ObjectNode pod) {
        return rule.hasNonNull("onExitCodes")
                ? exitCode(rule.path("onExitCodes"), pod)
                : condition(rule.path("onPodConditions"), pod);
    }

    private static @Nullable String exitCode(JsonNode wanted, ObjectNode pod) {
        String only = Trees.text(wanted, "containerName");
        for (JsonNode container : containers(pod)) {
            JsonNode terminated = container.path("state").path("terminated");
            int code = terminated.path("exitCode").asInt();
            String name = container.path("name").asText();
            if (code != 0 && (only == null || only.equals(name)) && matches(wanted, code)) {
                return "Container %s for pod %s/%s failed with exit code %d"
                        .formatted(name, Api.namespace(pod), Api.name(pod), code);
            }
        }
        return null;
    }

    private static List<JsonNode> containers(ObjectNode pod) {
        List<JsonNode> all = new ArrayList<>();
        for (String field : List.of("containerStatuses", "initContainerStatuses")) {
            Trees.elements(pod, "status", field).forEach(all::add);
        }
        return all;
    }

    private static boolean matches(JsonNode wanted, int code) {
        boolean listed = false;
        for (JsonNode value : wanted.path("values")) {
            listed |= value.asInt() == code;
        }
        return listed == wanted.path("operator").asText().equals("In");
    }

    private static @Nullable String condition(JsonNode wanted, ObjectNode pod) {
        for (JsonNode pattern : wanted) {
            String type = pattern.path("type").asText();
            JsonNode condition = Api.condition(pod, type);
            if (condition != null
                    && condition
                            .path("status")
                            .asText()
                            .equals(pattern.path("status").asText("True"))) {
                return "Pod %s/%s has condition %s".formatted(Api.namespace(pod), Api.name(pod), type);
            }
        }
        return null;
    }
}
